"""The exception that ends a run with a message and an exit code."""


class Stop(Exception):
    def __init__(self, message="", code=1, to_stdout=False):
        super().__init__(message)
        self.message, self.code, self.to_stdout = message, code, to_stdout
