"""What offline_reset.h declares, in ctypes, to be compared with capi/python/offline_reset.py."""
import ctypes
import re

PLAIN = {"char": ctypes.c_char, "uint8_t": ctypes.c_uint8, "uint16_t": ctypes.c_uint16, "int32_t": ctypes.c_int32,
         "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64, "size_t": ctypes.c_size_t}


def camel(name):
    return "".join(part.capitalize() for part in name.removeprefix("orp_").split("_"))


class Header:
    def __init__(self, text):
        text = re.sub(r"//[^\n]*", "", text)
        self.macros = {name: int(value) for name, value in re.findall(r"^#define (ORP_[A-Z_]+) (\d+)$", text, re.MULTILINE)}
        self.enums = {name: {member: int(value) for member, value in re.findall(r"(ORP_\w+) = (\d+)", body)}
                      for name, body in re.findall(r"^enum (orp_\w+)[^{]*\{([^}]*)\}", text, re.MULTILINE)}
        self.structs = re.findall(r"typedef struct \{([^}]*)\} (orp_\w+);", text)
        factory = re.search(r"#if defined\(ORP_FACTORY\)(.*?)#endif", text, re.DOTALL)[1]
        self.factory = set(re.findall(r"(orp_\w+)\(", factory))
        plain = re.sub(r"ORP_MUST_USE|\bconst\b", " ", text)
        self.prototypes = [" ".join(found.split()) for found in re.findall(r"^\s*(\w+ \*?orp_\w+\([^;{}]*\));", plain, re.MULTILINE)]

    def type(self, name, module):
        if name in PLAIN:
            return PLAIN[name]
        return ctypes.c_int32 if name in self.enums else getattr(module, camel(name))

    def declarator(self, text, module):
        """`T name`, `T *name`, `T name[A][B]`: name, type, dimensions, pointer or not."""
        kind, star, name, dimensions = re.fullmatch(r"(\w+) (\*?)(\w+)((?:\[\w+\])*)", text.strip()).groups()
        numbers = [int(n) if n.isdigit() else self.macros[n] for n in re.findall(r"\[(\w+)\]", dimensions)]
        return name, self.type(kind, module), numbers, bool(star)

    def fields(self, body, module):
        out = []
        for line in filter(str.strip, body.split(";")):
            name, kind, numbers, _ = self.declarator(line, module)
            for n in reversed(numbers):
                kind *= n
            out.append((name, kind))
        return out

    def function(self, prototype, module):
        """(name, result, parameters)"""
        result, star, name, parameters = re.fullmatch(r"(\w+) (\*?)(\w+)\((.*)\)", prototype).groups()
        declared = [] if parameters == "void" else [self.declarator(p, module) for p in parameters.split(",")]
        names = [name for name, *_ in declared]
        types = []
        for parameter, kind, numbers, pointer in declared:
            if pointer and kind is ctypes.c_char and parameter + "_len" in names:
                types.append(ctypes.c_char_p)  # a text that is read
            elif numbers:
                types.append(ctypes.POINTER(kind * numbers[0]))
            else:
                types.append(ctypes.POINTER(kind) if pointer else kind)
        return name, ctypes.c_char_p if star else self.type(result, module), types


def disagreements(text, module):
    """Where the module differs from the header."""
    header = Header(text)
    found = []

    def same(what, ours, theirs):
        if ours != theirs:
            found.append(f"{what}: {ours} in the module, {theirs} in the header")

    for name, value in header.macros.items():
        same(name, getattr(module, name.removeprefix("ORP_"), None), value)
    for name, members in header.enums.items():
        # __members__ has the names that are not a single bit, as well
        same(name, {"ORP_" + member: int(value) for member, value in getattr(module, camel(name)).__members__.items()}, members)
    for body, name in header.structs:
        same(name, getattr(module, camel(name))._fields_, header.fields(body, module))
    declared = {name: (result, *parameters) for name, result, parameters in (header.function(p, module) for p in header.prototypes)}
    ours = module.FUNCTIONS | module.FACTORY
    same("functions", sorted(ours), sorted(declared))
    same("functions of the factory", sorted(module.FACTORY), sorted(header.factory))
    for name in declared.keys() & ours.keys():
        same(name, ours[name], declared[name])
    return found, len(declared), len(header.macros) + sum(map(len, header.enums.values())) + len(header.structs)
