"""The command line: `chaoxin COMMAND`, each command in a file of flows/commands, imported only when it is called."""

from __future__ import annotations

import importlib
import sys

import click

from store.errors import BadInput, ChaoxinError

COMMANDS = {
    "nightly": "flows.commands.nightly:nightly",
    "serve": "flows.commands.serve:serve",
    "watch": "flows.commands.watch:watch",
    "emergency": "flows.commands.emergency:emergency",
    "sources": "flows.commands.sources:sources",
    "annotate": "flows.commands.annotate:annotate",
    "cluster": "flows.commands.cluster:cluster",
    "match": "flows.commands.match:match",
    "answers": "flows.commands.answers:answers",
    "extract": "flows.commands.extract:extract",
    "bulletin": "flows.commands.bulletin:bulletin",
    "brief": "flows.commands.brief:brief",
    "train": "flows.commands.train:train",
    "rejudge": "flows.commands.rejudge:rejudge",
    "evaluate": "flows.commands.evaluate:evaluate",
    "invite": "flows.commands.invite:invite",
    "audit": "flows.commands.audit:audit",
    "sample-site": "flows.commands.sample_site:sample_site",
}


class LateGroup(click.Group):
    """A group whose commands are imported when they are asked for: models and Django cost seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table above."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chaoxin")
def cli() -> None:
    """潮信 Chaoxin: listen, understand, prepare; people decide and sign."""


def main() -> None:
    """Run a command; our own errors are shown as one message and end with 2 (input) or 1 (the rest)."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。已保存的内容不会丢失，再次运行会从中断处继续。", err=True)
        sys.exit(130)
    except ChaoxinError as error:
        click.echo(f"chaoxin: {error}", err=True)
        sys.exit(2 if isinstance(error, BadInput) else 1)


if __name__ == "__main__":
    main()
