"""A decoder for handoff links, written from docs/link-format.md and nothing else.

It proves that the page is complete; it is slow and keeps only the limits that protect a test run.

    python3 decode.py LINK_OR_PAYLOAD       prints the JSON of the context
    python3 decode.py --check FOLDER        decodes every NAME.*.link there and compares it with NAME.json
"""

import base64
import json
import pathlib
import sys
import urllib.parse
import zlib

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PRIME = pathlib.Path(__file__).resolve().parents[2] / "crates/handoff/prime/v1.bin"
U32 = 0xFFFFFFFF


class Malformed(Exception):
    """The payload is not one."""


# Section 3: bits, flags, symbols, numbers


class Bits:
    def __init__(self, data, priming=False):
        self.data, self.at, self.priming = data, 0, priming
        self.range, self.code = 1 << 40, 0
        for _ in range(5):
            self.code = self.code << 8 | self.next_byte()

    def next_byte(self):
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def bit(self, p):
        bound = (self.range >> 16) * p
        if self.code < bound:
            bit, self.range = 1, bound
        else:
            bit, self.code, self.range = 0, self.code - bound, self.range - bound
        while self.range < 1 << 32:
            self.code = self.code << 8 | self.next_byte()
            self.range <<= 8
        return bit

    def plain(self, count):
        if self.priming:
            return 0
        value = 0
        for _ in range(count):
            value = value << 1 | self.bit(32768)
        return value


# Section 4: constant tables

S = [22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24744, 32768, 40792, 47911, 53581,
     57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514]


def clamp(x, low, high):
    return low if x < low else high if x > high else x


def squash(x):
    t = clamp(x, -2047, 2047) + 2048
    i, w = t >> 7, t & 127
    return S[i] + (((S[i + 1] - S[i]) * w) >> 7)


SQUASH = [squash(x) for x in range(-2047, 2048)]


def make_stretch():
    out, x = [], -2047
    for i in range(4096):
        while x < 2047 and SQUASH[x + 2047] < 16 * i + 8:
            x += 1
        out.append(x)
    return out


STRETCH = make_stretch()
RECIPROCAL = [131072 // (2 * n + 3) for n in range(1024)]
LARGEST = [32, 20, 10, 7, 5]


def allowed(a, b):
    return min(a, b) <= 4 and max(a, b) <= LARGEST[min(a, b)]


HISTORIES = [(z, o, last) for z in range(33) for o in range(33) for last in (0, 1)
             if allowed(z, o) and (last == 0 or (z > 0 and o > 0))]
assert len(HISTORIES) == 201
INDEX = {h: i for i, h in enumerate(HISTORIES)}


def step(history, bit):
    zeros, ones, _ = history
    same, c = (ones + 1, zeros) if bit else (zeros + 1, ones)
    other = c if c <= 5 else 5 if c == 6 else 6 if c == 7 else 7
    while not allowed(same, other):
        if min(same, other) <= 4 and same > other:
            same -= 1
        else:
            other -= 1
    zeros, ones = (other, same) if bit else (same, other)
    return INDEX[(zeros, ones, bit if zeros > 0 and ones > 0 else 0)]


NEXT = [(step(h, 0), step(h, 1)) for h in HISTORIES]
START = [(2 * o + 1) * 65535 // (2 * (z + o) + 2) for z, o, _ in HISTORIES]


def hash2(a, b):
    b = b * 0x9E3779B1 & U32
    h = (a * 0x2F0B4C47 & U32) ^ ((b << 13 | b >> 19) & U32)
    h = ((h ^ h >> 15) * 0x85EBCA6B) & U32
    return h ^ h >> 13


def signed32(x):
    x &= U32
    return x - (1 << 32) if x >> 31 else x


# Section 4: the model


class Model:
    def __init__(self):
        self.flags = [32768] * 1024
        self.checks = bytearray(6 << 18)
        self.states = bytearray(6 << 18)
        self.maps = [[[(START[s] * 64 if s < 201 else 1 << 21), 0] for s in range(256)] for _ in range(6)]
        self.match_map = []
        for i in range(128):
            d = 32768 // (i // 2 + 2)
            self.match_map.append([64 * d if i % 2 == 0 else 64 * (65536 - d), 0])
        self.weights0 = [[16384] * 7 + [0] for _ in range(8 * 256)]
        self.weights1 = [[16384] * 7 + [0] for _ in range(64)]
        self.finals = [[32768, 32768] for _ in range(8 * 256)]
        curve = [squash((i - 16) * 128) for i in range(32)] + [65514]
        self.curves0 = [curve[:] for _ in range(512)]
        self.curves1 = [curve[:] for _ in range(2048)]
        self.bytes = bytearray()
        self.last = self.fifth = self.word = self.previous = 0
        self.places = [0] * (1 << 15)
        self.match_at = self.match_length = 0

    def flag(self, bits, f):
        p = self.flags[f]
        bit = bits.bit(clamp(p, 64, 65472))
        self.flags[f] = p + ((65535 - p) >> 4) if bit else p - (p >> 4)
        return bit

    def inject(self, data):
        for byte in data:
            self.push(byte)

    def push(self, byte):
        text = self.bytes
        text.append(byte)
        self.fifth = self.last >> 24
        self.last = (self.last << 8 | byte) & U32
        if 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95 or byte > 127:
            self.word = hash2((self.word + 1) & U32, byte + 32 if 65 <= byte <= 90 else byte)
        elif self.word != 0:
            self.previous, self.word = self.word, 0
        if self.match_length > 0 and text[self.match_at] == byte:
            self.match_at += 1
            self.match_length = min(self.match_length + 1, 400)
        else:
            self.match_length = 0
        if len(text) < 4:
            return
        q = hash2(self.last, 0) >> 17
        if self.match_length == 0:
            at, count = self.places[q], 0
            while count < 32 and count < at and text[at - 1 - count] == text[len(text) - 1 - count]:
                count += 1
            if count >= 4:
                self.match_at, self.match_length = at, count
        self.places[q] = len(text)

    def byte(self, bits, kind):
        b1 = self.last & 255
        idle = 16 * (b1 + 1) if self.word == 0 else 0
        context = [
            hash2(b1, 1 + 16 * kind),
            hash2(self.last & 0xFFFF, 2),
            hash2(self.last & 0xFFFFFF, 3),
            hash2(hash2(self.last, 4), self.fifth),
            hash2(self.word, (5 + idle) & U32),
            hash2(hash2(self.word, self.previous), 6),
        ]
        n = self.match_length
        expected = self.bytes[self.match_at] if n > 0 else None
        bucket = n if n <= 15 else 16 + (n - 16) // 8 if n <= 31 else 18 + (n - 32) // 16
        partial, base = 1, None
        for position in range(8):
            if position in (0, 4):
                base = [hash2(c, partial) for c in context]
            nibble = partial if position < 4 else partial & ((1 << (position - 4)) - 1) | 1 << (position - 4)
            inputs, slots, known = [0] * 8, [], 0
            for i in range(6):
                slot = (i << 18) + ((base[i] ^ (nibble * 17)) & 0x3FFFF)
                if self.checks[slot] != base[i] >> 24:
                    self.checks[slot], self.states[slot] = base[i] >> 24, 0
                slots.append(slot)
                s = self.states[slot]
                if s:
                    inputs[i] = STRETCH[self.maps[i][s][0] >> 10]
                    known += i > 0
            matched, e = 0, 0
            if expected is not None and (expected | 256) >> (8 - position) == partial:
                matched, e = 1, 2 * bucket + (expected >> (7 - position) & 1)
                inputs[6] = STRETCH[self.match_map[e][0] >> 10]
            inputs[7] = 256
            length = min(1 + n // 4, 7) if matched else 0
            sets = (self.weights0[kind * 256 + partial], self.weights1[known * 8 + length])
            scores = [clamp(sum(x * y for x, y in zip(inputs, w)) >> 16, -2047, 2047) for w in sets]
            f = self.finals[kind * 256 + partial]
            score = clamp((scores[0] * f[0] + scores[1] * f[1]) >> 16, -2047, 2047)
            mixed = SQUASH[score + 2047]
            point, part = (score + 2048) >> 7, (score + 2048) & 127
            curves = (self.curves0[matched * 256 + partial], self.curves1[known * 256 + partial])
            y = [(c[point] * (128 - part) + c[point + 1] * part) >> 7 for c in curves]
            bit = bits.bit(clamp((2 * mixed + y[0] + y[1]) >> 2, 16, 65520))
            target = 65535 if bit else 0
            for c in curves:
                near = point + (part >= 64)
                c[near] += (target - c[near]) >> 6
            for k in (0, 1):
                f[k] = signed32(f[k] + ((scores[k] * (target - mixed) + 65536) >> 17))
            for w, x in zip(sets, scores):
                error = target - SQUASH[x + 2047]
                if abs(error) < 1024:
                    continue
                for j in range(8):
                    w[j] = signed32(w[j] + ((inputs[j] * error + 8192) >> 14))
            goal = 4194303 if bit else 0
            pairs = [self.maps[i][self.states[slots[i]]] for i in range(6)]
            if matched:
                pairs.append(self.match_map[e])
            for pair in pairs:
                pair[0] += ((goal - pair[0]) * RECIPROCAL[pair[1]]) >> 16
                pair[1] = min(pair[1] + 1, 1020)
            for slot in slots:
                self.states[slot] = NEXT[self.states[slot]][bit]
            partial = partial << 1 | bit
        byte = partial & 255
        self.push(byte)
        return byte


# Sections 5 and 6: texts and contexts

KEYS = ["genie_session_id", "space_id", "validated_tables", "validated_columns", "user_intent", "exploration_summary",
        "exploration_queries", "created_at", "warehouse_id", "column_types", "keys", "target_table", "pattern_hints"]


class Digits(str):
    """A number as it was written."""


def plain_name(part):
    ok = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
    return part != "" and part[0] in ok and all(c in ok + "0123456789" for c in part)


def after_last_dot(name):
    return name[name.rfind(".") + 1:].encode()


class Reader:
    def __init__(self, model, bits):
        self.model, self.bits, self.tables, self.reference = model, bits, [], 0

    def flag(self, f):
        return self.model.flag(self.bits, f)

    def symbol(self, f, n):
        node = 1
        for _ in range(n):
            node = 2 * node + self.flag(f + node)
        return node - (1 << n)

    def number(self, f):
        k = 0
        while k < 63 and self.flag(f + min(k, 23)):
            k += 1
        low = 0 if k == 0 else self.symbol(f + 24 + (1 << k), k) if k <= 3 else self.bits.plain(k)
        return (1 << k) + low - 1

    def text(self, kind, in_list=False):
        out, mark = bytearray(), False
        while True:
            byte = self.model.byte(self.bits, kind)
            if byte == 0:
                break
            if byte == 1:
                byte = self.model.byte(self.bits, kind)
                if byte == 1:
                    mark = True
                else:
                    out.append((byte - 16) & 255)
            elif byte <= 4:
                if kind != 2 or not self.tables:
                    raise Malformed("a table reference where none can be")
                parts = self.tables[self.table_reference()].split(".")
                if byte > 2:
                    parts = [p if byte == 4 and plain_name(p) else "`" + p.replace("`", "``") + "`" for p in parts]
                spelled = ".".join(parts)
                out += spelled.encode()
                self.model.inject(after_last_dot(spelled))
            else:
                out.append(byte)
            if len(out) > 256 * 1024:
                raise Malformed("a text that is too long")
        if in_list and not out and not mark:
            return None
        return out.decode()

    def table_reference(self):
        count = len(self.tables)
        if count > 1 and not self.flag(544):
            size = (count - 1).bit_length()
            self.reference = self.symbol(545, size) if size <= 8 else self.bits.plain(size)
        if self.reference >= count:
            raise Malformed("an unknown table")
        return self.reference

    def texts(self, kind):
        out = []
        while (text := self.text(kind, True)) is not None:
            out.append(text)
        return out

    def context(self):
        out, number = {}, 0
        while True:
            number = self.symbol(16 * number, 4)
            if number == 0:
                return out
            if number == 14:
                raise Malformed("an unknown key number")
            key = self.text(5) if number == 15 else KEYS[number - 1]
            special = number <= 12 and self.flag(256 + number)
            value = self.special(number) if special else self.any_json(0)
            if key in out:
                raise Malformed("a key twice")
            out[key] = value

    def special(self, number):
        if number in (1, 2):
            return self.id(number)
        if number == 3:
            return self.table_names()
        if number in (4, 11):
            return self.by_table(self.columns)
        if number == 10:
            return self.by_table(self.types)
        if number == 6:
            runs = self.number(456)
            explored = len(self.tables) if self.flag(536) else self.number(496)
            return {"queries_run": Digits(runs), "tables_explored": Digits(explored), "sample_data_reviewed": bool(self.flag(537))}
        if number == 7:
            out = []
            while (query := self.text(2, True)) is not None:
                out.append({"query": query, "result_summary": self.text(3)})
            return out
        if number == 8:
            return self.time()
        return self.text({5: 4, 9: 6, 12: 0}[number])

    def table_names(self):
        while self.flag(336):
            name = self.tables[-1] if self.tables else ""
            prefix = name[:name.rfind(".") + 1]
            if prefix and self.flag(352):
                self.tables.append(prefix + self.text(0))
            else:
                self.tables.append(self.text(0))
        return list(self.tables)

    def by_table(self, value):
        out, d = {}, 0
        while self.flag(337):
            name = self.tables[d] if d < len(self.tables) and self.flag(354) else self.text(0)
            if name in self.tables:
                d = self.tables.index(name) + 1
            out[name] = value(name)
        return out

    def columns(self, table):
        self.model.inject(after_last_dot(table) + b"\0")
        return self.texts(1)

    def types(self, _):
        out = {}
        while self.flag(338):
            column = self.text(1)
            out[column] = self.text(7)
        return out

    def id(self, number):
        kind = self.symbol(360 if number == 1 else 368, 3)
        if kind == 0:
            return self.text(6)
        if kind > 4:
            raise Malformed("an unknown kind of id")
        known = {}

        def fix(highest, digits):
            for i, digit in enumerate(digits):
                known[highest - i] = int(digit)

        if self.flag(376 + 2 * kind):
            fix(127, "00000001111")
            fix(79, "0001")
            fix(63, "10")
        elif self.flag(377 + 2 * kind):
            fix(79, "0100")
            fix(63, "10")
        value = 0
        for place in range(127, -1, -1):
            value = value << 1 | (known[place] if place in known else self.bits.plain(1))
        digits = f"{value:032x}"
        if kind in (2, 4):
            digits = digits.upper()
        if kind > 2:
            digits = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        return digits

    def time(self):
        if self.flag(400):
            seconds = days(2024, 1, 1) * 86400 + self.bits.plain(28)
        else:
            seconds = days(0, 1, 1) * 86400 + self.bits.plain(39)
        digits = self.symbol(408, 4)
        if digits > 9:
            raise Malformed("a fraction of more than nine digits")
        fraction = ""
        if digits:
            fraction = "." + str(self.bits.plain((10 ** digits - 1).bit_length())).rjust(digits, "0")
        if self.flag(401):
            zone = "Z"
        else:
            whole = self.flag(402)
            if whole and self.flag(403):
                minutes = (self.symbol(424, 5) - 15) * 60
            else:
                minutes = self.bits.plain(12) - 1440
            zone = ("-" if minutes < 0 else "+") + f"{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        year, month, day = civil(seconds // 86400)
        clock = seconds % 86400
        return f"{year:04}-{month:02}-{day:02}T{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}{fraction}{zone}"

    def any_json(self, parent, level=1):
        if level > 32:
            raise Malformed("too many levels")
        tag = self.symbol(272 + 8 * parent, 3)
        if tag < 3:
            return (None, False, True)[tag]
        if tag == 3:
            return Digits(self.text(6))
        if tag == 4:
            return self.text(6)
        if tag == 5:
            out = []
            while self.flag(339):
                out.append(self.any_json(5, level + 1))
            return out
        if tag == 6:
            out = {}
            while self.flag(340):
                key = self.text(5)
                out[key] = self.any_json(6, level + 1)
            return out
        raise Malformed("an unknown kind of value")


def days(year, month, day):
    """Days from 1970-01-01 in the proleptic Gregorian calendar, counted month by month from year 0."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    before = year * 365 + (year + 3) // 4 - (year + 99) // 100 + (year + 399) // 400
    return before + sum(lengths[:month - 1]) + day - 1 - 719528


def civil(number):
    year = (number + 719528) // 366
    while days(year + 1, 1, 1) <= number:
        year += 1
    month = 1
    while month < 12 and days(year, month + 1, 1) <= number:
        month += 1
    return year, month, number - days(year, month, 1) + 1


# Sections 1, 2 and 7: forms, frame, envelope


def sextets(text):
    try:
        return [ALPHABET.index(c) for c in text]
    except ValueError:
        raise Malformed("a character that cannot be in a payload") from None


def bit_string(text):
    value = 0
    for sextet in sextets(text):
        value = value << 6 | sextet
    return value


def body_bytes(text):
    bits = "".join(f"{s:06b}" for s in sextets(text))
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)).rstrip(b"\0")


def unframe(payload):
    check, body = payload[1:7], payload[7:]
    crc = zlib.crc32((payload[0] + body).encode())
    if len(check) != 6 or bit_string(check) != crc << 4 | len(body) % 16:
        raise Malformed("the link is damaged")
    return body


PRIMED = []


def primed_model():
    """Priming takes seconds here, so it is done once and copied."""
    import copy

    if not PRIMED:
        data = PRIME.read_bytes()
        model, bits = Model(), Bits(data[1:], priming=True)
        for _ in range(data[0]):
            Reader(model, bits).context()
        PRIMED.append(model)
    return copy.deepcopy(PRIMED[0])


def envelope(payload):
    """Payload, key id, expiry, audience, signature and signed bytes of a signed payload."""
    body = unframe(payload)
    head = base64.urlsafe_b64decode(body[: len(body) // 4 * 4][:516])
    at = 1 + head[0]
    key_id = head[1:at].decode()
    expiry = int.from_bytes(head[at:at + 4], "big")
    at += 5
    end = at + head[at - 1]
    audience, signature = head[at:end].decode(), head[end:end + 64]
    length = -(-(end + 64) // 3) * 4
    if any(head[end + 64:length // 4 * 3]):
        raise ValueError("what fills the last group is not zero")
    inner = body[length:]
    signed = f"genie-handoff link signature v1\n{key_id}\n{expiry}\n{audience}\n{inner}".encode()
    return inner, key_id, expiry, audience, signature, signed


def decode(text):
    """The context in a link or payload, as Python values; numbers are Digits."""
    text = text.strip()
    if "://" in text.split("{")[0]:
        url = urllib.parse.urlsplit(text)
        for part in (url.fragment, url.query):
            found = [p[8:] for p in part.split("&") if p.startswith("context=")]
            if found:
                text = found[0]
                break
    if not text or len(text) > 65536:
        raise Malformed("no payload, or too long a one")
    if text[0] == "s":
        text = envelope(text)[0]
    if text[0] in "ab":
        bits = Bits(body_bytes(unframe(text)))
        context = Reader(primed_model() if text[0] == "b" else Model(), bits).context()
        if bits.at < len(bits.data):
            raise Malformed("something behind the end")
        return context
    if text[0] == "%":
        text = urllib.parse.unquote(text, errors="strict")
    if text[0] != "{":
        text = base64.b64decode(text.replace("-", "+").replace("_", "/").rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)).decode()
    return json.loads(text, parse_int=Digits, parse_float=Digits)


def to_json(value):
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(to_json(k) + ":" + to_json(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def check(folder):
    links = sorted(pathlib.Path(folder).glob("*.link"))
    wrong = 0
    for path in links:
        expected = (path.parent / (path.name.split(".")[0] + ".json")).read_text(encoding="utf-8").rstrip("\n")
        found = to_json(decode(path.read_text(encoding="ascii")))
        wrong += found != expected
        print("ok   " if found == expected else "WRONG", path.name)
    damaged = links[0].read_text(encoding="ascii").strip()
    try:
        decode(damaged[:-1])
        wrong += 1
        print("WRONG a cut link was read")
    except Malformed:
        print("ok    a cut link is refused")
    if not links or wrong:
        sys.exit(f"{wrong} of {len(links)} golden links are wrong")
    print(f"{len(links)} golden links")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
    elif len(sys.argv) == 2:
        print(to_json(decode(sys.argv[1])))
    else:
        sys.exit(__doc__)
