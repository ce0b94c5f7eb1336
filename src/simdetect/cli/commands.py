"""What every command is made with: one that reports all bad options together, and value objects made of its options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simdetect.cli.config import config_option, verbose_option
from simdetect.cli.output import all_target_problems

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["Command", "argument", "command", "examples", "option", "take"]

T = TypeVar("T", bound="DataclassInstance")


class Command(click.Command):
    """Reports every bad option at once, where click stops at the first. Takes options from a file, and may be told to
    log what happens."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        if not any("-v" in parameter.opts for parameter in self.params):
            self.params.append(verbose_option())
        self.params.append(config_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        problems: list[str] = []
        ctx.meta[__name__] = problems
        rest = self._parse_known(ctx, args, problems)
        problems += all_target_problems(ctx.params)
        problems += _contradictions(ctx.params)
        if problems:
            raise click.UsageError(" ".join(problems), ctx)
        return rest

    def _parse_known(self, ctx: click.Context, args: list[str], problems: list[str]) -> list[str]:
        """Parse, taking out unknown options one by one: their names are all that can be said about them."""
        try:
            return super().parse_args(ctx, list(args))
        except click.NoSuchOption as error:
            problems.append(error.format_message())
            known = [arg for arg in args if arg.split("=")[0] != error.option_name]
            if len(known) == len(args):
                raise
            return self._parse_known(ctx, known, problems)


def _contradictions(params: dict[str, Any]) -> list[str]:
    problems = []
    if params.get("finding") and params.get("format") not in (None, "text"):
        problems.append("--finding shows text, no other format.")
    if params.get("quiet") and params.get("verbose"):
        problems.append("-q and -v contradict each other.")
    return problems


class _Collecting(click.Parameter):
    """A parameter whose bad value is noted instead of raised."""

    def handle_parse_result(self, ctx: click.Context, opts: Any, args: list[str]) -> tuple[Any, list[str]]:
        try:
            return super().handle_parse_result(ctx, opts, args)
        except click.UsageError as error:
            ctx.meta[__name__].append(error.format_message())
            return None, args


class _Option(_Collecting, click.Option):
    pass


class _Argument(_Collecting, click.Argument):
    pass


option = functools.partial(click.option, cls=_Option)
argument = functools.partial(click.argument, cls=_Argument)


def examples(*lines: str) -> str:
    """The end of a help text."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def command(*lines: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help ends with these examples."""
    return click.command(cls=Command, epilog=examples(*lines))


def take(kind: type[T], options: dict[str, Any]) -> T:
    """A dataclass made of the options that are named as its fields, which are taken out of options."""
    return kind(**{field.name: options.pop(field.name) for field in fields(kind)})
