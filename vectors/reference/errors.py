"""SPEC 13: the errors, by name and argument."""


class OrpError(Exception):
    def __init__(self, name, argument=None):
        super().__init__(name if argument is None else f"{name}({argument})")
        self.name = name
        self.argument = argument

    def as_json(self):
        out = {"name": self.name}
        if self.argument is not None:
            out["argument"] = self.argument
        return out

    def as_line(self):
        return f"error {self.name}" + ("" if self.argument is None else f" {self.argument}")
