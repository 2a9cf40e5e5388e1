"""What fetching can fail with."""


class FetchError(Exception):
    """A picture cannot be fetched; the message is a sentence for people.

    ``retryable`` says whether trying again can help, ``retry_after`` in how many seconds the
    server asked to be left alone until then, 0 if it did not.
    """

    def __init__(self, message: str, *, retryable: bool = False, retry_after: float = 0) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after = retry_after
