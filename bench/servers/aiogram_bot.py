"""aiogram behind the same web server: its dispatcher and states with the memory storage."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiohttp import web

from bench.form import CONSENT, Form
from bench.servers.serving import listen, obey, run
from bench.talk import TOKEN
from bot.channels.telegram.channel import keyboard
from texts.render import Rendered


def _router(form: Form, *, sends: bool) -> Router:
    router = Router()
    states = {step: State(step, group_name="sign_up") for step in form.steps}

    async def say(message: Message, said: Rendered) -> None:
        if sends:
            rows = [
                [InlineKeyboardButton(text=key["text"], callback_data=key["callback_data"]) for key in row]
                for row in keyboard(said.buttons)
            ]
            await message.answer(said.text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows) if rows else None)

    @router.message(StateFilter(None))
    async def begin(message: Message, state: FSMContext) -> None:
        await state.set_state(states[CONSENT])
        await say(message, form.begin())

    def answering(step: str) -> Callable[[Message, FSMContext], Awaitable[None]]:
        async def answer(message: Message, state: FSMContext) -> None:
            answers = await state.get_data()
            following, said = form.answer(step, message.text or "", answers)
            if following is None:
                await state.clear()
            else:
                await state.set_data(answers)
                await state.set_state(states[following])
            await say(message, said)

        return answer

    for step, state in states.items():
        router.message(state)(answering(step))
    return router


async def _main(settings: Mapping[str, Any]) -> None:
    form = Form()
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings["platform"]))
    bot = Bot(TOKEN, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(_router(form, sends=settings["sends"]))

    async def receive(request: web.Request) -> web.Response:
        await dispatcher.feed_raw_update(bot, json.loads(await request.read()))
        return web.Response()

    async def registered() -> int:
        return len(form.registered)

    await obey({"port": await listen(receive)}, registered=registered)
    await session.close()


if __name__ == "__main__":
    run(_main)
