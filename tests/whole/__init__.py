"""The whole service as its users meet it: started as a process, used through browser and Telegram."""
