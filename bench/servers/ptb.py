"""python-telegram-bot behind the same web server: Application and ConversationHandler, in memory or on the disk.

On the disk is PicklePersistence (one file), brought up to date and flushed at each turn, as the documentation of
Application.update_persistence and BasePersistence.flush says: the one way to lose no answer when the process is killed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackContext,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from bench.form import CONSENT, Form
from bench.servers.serving import listen, obey, run
from bench.talk import TOKEN
from bot.channels.telegram.channel import keyboard
from texts.render import Rendered

NEVER = 1e6  # seconds until the library would bring its file up to date by itself

Callback = Callable[[Update, Any], Coroutine[Any, Any, object]]


def _conversation(form: Form, *, sends: bool, persistent: bool) -> ConversationHandler[Any]:
    async def say(update: Update, said: Rendered) -> None:
        if sends and update.message:
            rows = [
                [InlineKeyboardButton(key["text"], callback_data=key["callback_data"]) for key in row]
                for row in keyboard(said.buttons)
            ]
            await update.message.reply_text(said.text, reply_markup=InlineKeyboardMarkup(rows) if rows else None)

    async def begin(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> str:
        await say(update, form.begin())
        return CONSENT

    def answering(step: str) -> Callback:
        async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> object:
            assert update.message is not None
            assert context.user_data is not None
            following, said = form.answer(step, update.message.text or "", context.user_data)
            if following is None:
                context.user_data.clear()
            await say(update, said)
            return ConversationHandler.END if following is None else following

        return answer

    return ConversationHandler(
        entry_points=[MessageHandler(filters.TEXT, begin)],
        states={step: [MessageHandler(filters.TEXT, answering(step))] for step in form.steps},
        fallbacks=[],
        name="sign_up" if persistent else None,
        persistent=persistent,
    )


async def _main(settings: Mapping[str, Any]) -> None:
    form = Form()
    file = settings.get("file")
    builder = Application.builder().token(TOKEN).updater(None).base_url(f"{settings['platform']}/bot")
    if file:
        builder = builder.persistence(PicklePersistence(file, update_interval=NEVER, on_flush=True))
    application = builder.build()
    application.add_handler(_conversation(form, sends=settings["sends"], persistent=bool(file)))

    async def receive(request: web.Request) -> web.Response:
        update = Update.de_json(json.loads(await request.read()), application.bot)
        await application.process_update(update)
        if application.persistence:
            await application.update_persistence()
            await application.persistence.flush()
        return web.Response()

    async def registered() -> int:
        return len(form.registered)

    async with application:
        await application.start()
        await obey({"port": await listen(receive)}, registered=registered)
        await application.stop()


if __name__ == "__main__":
    run(_main)
