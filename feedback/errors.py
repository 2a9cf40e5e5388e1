"""What can be wrong with feedback."""


class FeedbackRefused(Exception):
    """The feedback does not fit the look it was given on; the message says what to do."""
