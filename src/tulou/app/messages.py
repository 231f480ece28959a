"""What a mistake is called on the screen: errors of every origin in one form, in the language of the reader.

Errors are raised in English; ``sentences.yaml`` says the sentences people meet in Chinese. What the machine or the
command line complains of is spoken in both languages here.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import click

from tulou.kernel.documents import read_document
from tulou.kernel.errors import (
    MOST_CHOICES,
    BadInput,
    BadUse,
    Conflict,
    Fault,
    MissingExtra,
    NotEnoughData,
    TulouError,
    shorten,
)
from tulou.kernel.words import Language, Words

HEADS: tuple[tuple[type[TulouError], Words], ...] = (
    (MissingExtra, Words("缺少所需的库", "a library is missing")),
    (BadInput, Words("输入不可用", "the input cannot be used")),
    (BadUse, Words("用法有误", "this cannot be asked")),
    (NotEnoughData, Words("数据不足", "not enough data")),
    (Conflict, Words("与他人的修改冲突", "this clashes with another change")),
)
FOUND, ALLOWED, GUESS, MORE = (
    Words("  实为：", "  found:   "),
    Words("  可用：", "  allowed: "),
    Words("  是否指：", "  did you mean: "),
    Words(" 等，另有 {} 个", " and {} more"),
)

NO_OPTION = Words("没有这个选项", "there is no such option")
NO_VALUE = Words("此值不可用", "this value cannot be used")

_MACHINE: Mapping[int, Words] = {
    errno.EACCES: Words("没有读写的权限", "reading or writing is not permitted"),
    errno.EPERM: Words("没有读写的权限", "reading or writing is not permitted"),
    errno.EROFS: Words("所在磁盘只读", "this disk is read-only"),
    errno.ENOSPC: Words("磁盘空间不足", "no space is left on the disk"),
    errno.EDQUOT: Words("磁盘配额已满", "the quota of the disk is used up"),
    errno.ENOENT: Words("没有这个文件或文件夹", "there is no such file or folder"),
    errno.ENOTDIR: Words("此处应是文件夹，却是文件", "a file stands where a folder should"),
    errno.EISDIR: Words("此处应是文件，却是文件夹", "a folder stands where a file should"),
    errno.EEXIST: Words("此处已有别的文件", "something stands here already"),
    errno.ENAMETOOLONG: Words("名称过长", "the name is too long"),
    errno.EMFILE: Words("打开的文件过多", "too many files are open"),
    errno.EFBIG: Words("文件过大", "the file is too large"),
}
_BY_KIND: tuple[tuple[type[OSError], int], ...] = (
    (FileNotFoundError, errno.ENOENT),
    (PermissionError, errno.EACCES),
    (IsADirectoryError, errno.EISDIR),
    (NotADirectoryError, errno.ENOTDIR),
    (FileExistsError, errno.EEXIST),
)
"""For errors without a number: libraries raise some with a text only."""


SENTENCES = Path(__file__).with_name("sentences.yaml")
GAP = "{}"
"""Stands in a sentence for what is filled in."""


@cache
def sentences() -> Mapping[str, str]:
    """Sentences of errors in Chinese, by the English ones; one that is absent is shown in English."""
    return read_document(SENTENCES, SENTENCES.name)


def spoken(sentence: str, language: Language) -> str:
    """A sentence of an error or a quality report in the language of the reader; in English where nobody translated it.

    What was filled into a sentence (a name, a number, another sentence) is filled into its translation.
    """
    if language != "zh":
        return sentence
    known = sentences()
    if sentence in known:
        return known[sentence]
    for pattern, chinese in _gapped():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return chinese.format(*(spoken(part, language) for part in found.groups()))
    return sentence


@cache
def _gapped() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with gaps as patterns, those that say most themselves first."""
    with_gaps = [pair for pair in sentences().items() if GAP in pair[0]]
    with_gaps.sort(key=lambda pair: (-len(pair[0].replace(GAP, "")), pair[0]))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, english.split(GAP))), re.DOTALL), chinese)
        for english, chinese in with_gaps
    )


def text_of(error: TulouError, language: Language) -> str:
    """An error as it is shown: its kind in words, then each fault in its four parts."""
    head = next((words.say(language) for kind, words in HEADS if isinstance(error, kind)), "")
    lines = [f"tulou: {head}" if head else "tulou:"]
    lines += [_fault(fault, language) for fault in error.faults]
    return "\n".join(lines)


def _fault(fault: Fault, language: Language) -> str:
    what = spoken(fault.what, language)
    lines = [f"{fault.where}: {what}" if fault.where else what]
    if fault.found is not None:
        lines.append(FOUND.say(language) + shorten(fault.found))
    if fault.allowed:
        more = len(fault.allowed) - MOST_CHOICES
        shown = ", ".join(fault.allowed[:MOST_CHOICES])
        lines.append(ALLOWED.say(language) + shown + (MORE.say(language).format(more) if more > 0 else ""))
    if fault.guess:
        lines.append(GUESS.say(language) + fault.guess)
    return "\n".join(lines)


def of_machine(error: OSError, language: Language) -> TulouError:
    """What the machine refused, in the form of our own errors."""
    number = error.errno or next((number for kind, number in _BY_KIND if isinstance(error, kind)), 0)
    places = [str(name) for name in (error.filename, error.filename2) if name is not None]
    words = _MACHINE.get(number)
    what = words.say(language) if words else Words("读写失败", "reading or writing failed").say(language)
    found = None if words else (error.strerror or str(error) or None)
    return BadUse(what, where=places[-1] if places else "", found=found)


def of_memory(language: Language) -> TulouError:
    """There was not enough memory for the work."""
    return BadUse(Words("内存不足，未保存任何内容", "there is not enough memory; nothing was kept").say(language))


def of_command_line(error: click.ClickException, language: Language) -> TulouError:
    """A wrong call, in the form of our own errors, with what may be written instead."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return BadUse(error.format_message(), where="tulou")
    place = context.command_path
    if isinstance(error, click.NoSuchOption):
        options = [name for one in context.command.params for name in one.opts if name[:1] == "-"]
        return BadUse(NO_OPTION.say(language), where=place, found=error.option_name, allowed=[*options, "--help"])
    if isinstance(error, click.MissingParameter) and error.param is not None:
        is_option = isinstance(error.param, click.Option)
        missing = error.param.opts[-1] if is_option else error.param.make_metavar(context)
        what = Words(f"缺少 {missing}", f"{missing} is missing").say(language)
        return BadUse(what, where=place, allowed=(context.command.get_usage(context).removeprefix("Usage: "),))
    if isinstance(error, click.BadParameter) and error.param is not None:
        kind = error.param.type
        allowed = tuple(map(str, kind.choices)) if isinstance(kind, click.Choice) else ()
        name = error.param.opts[-1] if isinstance(error.param, click.Option) else error.param.make_metavar(context)
        return BadUse(NO_VALUE.say(language), where=f"{place} {name}", found=error.message, allowed=allowed)
    return BadUse(error.format_message(), where=place)
