"""The worker's doors outwards: email, text messages, push."""
