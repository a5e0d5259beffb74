"""What others offer for the same job, each as the smallest chat that keeps a row a message.

Not part of the product, and run in an environment of their own (`make bench PEERS=1`): nothing else may import them.
"""
