"""What a user can mend: said in one sentence, without a traceback."""

WRONG_SETTING = 2
SAID_BY_US = "leafmark: "


class CannotRun(Exception):
    """Stops a command with one clear sentence and an exit status (2 unless said otherwise)."""

    def __init__(self, sentence: str, *, status: int = WRONG_SETTING) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
