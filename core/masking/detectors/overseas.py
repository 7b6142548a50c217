"""The rules of national ids beyond Europe: each a pure check of a compact code in upper case."""

from __future__ import annotations

from typing import Final

from core.masking.detectors.checks import born, luhn, varied, verhoeff, weighted

CURP: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of their numbers, from 10


def us_ssn(code: str) -> bool:
    area, group, serial = code[:3], code[3:5], code[5:]
    known = code in {"078051120", "219099999", "123456789"}  # printed in advertisements, never anyone's
    return not (known or area in {"000", "666"} or area[0] == "9" or group == "00" or serial == "0000") and varied(code)


def us_itin(code: str) -> bool:
    group = int(code[3:5])
    return code[0] == "9" and (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99)


def tr_kimlik(code: str) -> bool:
    digits = [int(digit) for digit in code]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[0] != 0 and tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def il_identity(code: str) -> bool:
    return luhn(code) and varied(code)


def ru_snils(code: str) -> bool:
    check = weighted(code, range(9, 0, -1)) % 101 % 100
    return check == int(code[9:]) and varied(code[:9])


def ru_inn(code: str) -> bool:
    first = weighted(code, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = weighted(code, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return code[10:] == f"{first}{second}" and varied(code)


def za_identity(code: str) -> bool:
    return born(code) and code[10] in "012" and code[11] in "89" and luhn(code)


def ca_sin(code: str) -> bool:
    return code[0] not in "08" and luhn(code) and varied(code)


def br_cpf(code: str) -> bool:
    first = -weighted(code, range(10, 1, -1)) % 11 % 10
    second = -weighted(code, range(11, 1, -1)) % 11 % 10
    return code[9:] == f"{first}{second}" and varied(code)


def br_cnpj(code: str) -> bool:
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    first = -weighted(code[:12], weights[1:]) % 11 % 10
    second = -weighted(code, weights) % 11 % 10
    return code[12:] == f"{first}{second}" and varied(code)


def ar_cuit(code: str) -> bool:
    check = -weighted(code, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return code[:2] in {"20", "23", "24", "27", "30", "33", "34"} and check == int(code[10])


def cl_rut(code: str) -> bool:
    body = code[:-1]
    if not body.isdigit():
        return False
    check = -sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body))) % 11
    return code[-1] == "0123456789K"[check] and varied(body)


def mx_curp(code: str) -> bool:
    total = sum(CURP.index(one) * (18 - place) for place, one in enumerate(code[:17]))
    return born(code[4:10]) and code[10] in "HMX" and -total % 10 == int(code[17])


def in_aadhaar(code: str) -> bool:
    return code[0] not in "01" and verhoeff(code) and varied(code)


def in_pan(code: str) -> bool:
    return code[3] in "ABCFGHJLPT" and code[5:9] != "0000"


def au_tfn(code: str) -> bool:
    return weighted(code, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and varied(code)


def au_medicare(code: str) -> bool:
    return code[0] in "23456" and weighted(code, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(code[8])


def nz_ird(code: str) -> bool:
    number = code.zfill(9)
    if not 10_000_000 < int(code) < 150_000_000:
        return False
    check = -weighted(number, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if check == 10:
        check = -weighted(number, (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return check == int(number[8])


def sg_nric(code: str) -> bool:
    offset = 4 if code[0] in "TG" else 3 if code[0] == "M" else 0
    tables = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
    if code[0] not in tables:
        return False
    rest = (weighted(code[1:8], (2, 7, 6, 5, 4, 3, 2)) + offset) % 11
    return tables[code[0]][10 - rest if code[0] == "M" else rest] == code[8]


def hk_identity(code: str) -> bool:
    values = [36 if one == " " else int(one, 36) for one in code.rjust(9)]
    return code[-1] in "0123456789A" and sum(v * w for v, w in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def tw_identity(code: str) -> bool:
    number = TAIWAN.index(code[0]) + 10
    total = number // 10 + 9 * (number % 10) + weighted(code[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))
    return code[1] in "1289" and total % 10 == 0


def cn_identity(code: str) -> bool:
    weights = tuple(2**power % 11 for power in range(17, 0, -1))
    dated = code[6:8] in {"18", "19", "20"} and born(code[8:14], century=int(code[6:8]) * 100)
    return dated and "10X98765432"[weighted(code, weights) % 11] == code[17]


def kr_resident(code: str) -> bool:
    return born(code) and code[6] in "12345678"  # no check digit since October 2020


def jp_number(code: str) -> bool:
    rest = sum(int(digit) * (place + 1 if place <= 6 else place - 5) for place, digit in _numbered(code[:11]))
    rest %= 11
    return (0 if rest <= 1 else 11 - rest) == int(code[11]) and varied(code)


def _numbered(digits: str) -> list[tuple[int, str]]:
    """Number digits from the right, from 1."""
    return list(enumerate(reversed(digits), start=1))


def th_citizen(code: str) -> bool:
    return code[0] != "0" and (11 - weighted(code, range(13, 1, -1)) % 11) % 10 == int(code[12])


def my_kad(code: str) -> bool:
    return born(code) and code[6:8] not in {"00", "17", "18", "19", "20", "69", "70", "73", "80", "81", "94", "95"}
