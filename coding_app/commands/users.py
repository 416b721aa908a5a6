"""`coding-app users list | add NAME | reset-password NAME | disable NAME | enable NAME`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from coding_app.errors import InputError
from coding_app.settings import read_settings

app = typer.Typer(help="Accounts: list, add, new passwords, shut and open.", no_args_is_help=True)
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in with.")]
StdinOption = Annotated[
    bool, typer.Option("--stdin", help="Read the password from standard input instead of asking for it.")
]


@app.command("list")
def list_users(data: DataOption = None) -> None:
    """All accounts with their roles."""
    from coding_app.workflows import accounts, overview
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        titles = {each.id: each.title for each in overview.studies(opened)}
        for account, places in accounts.list_accounts(opened):
            marks = [
                *(["administrator"] if account.administrator else []),
                *(["disabled"] if account.disabled else []),
                *(f"{each.role} in {titles[each.study_id]}" for each in places),
            ]
            typer.echo(f"{account.name}  {', '.join(marks) or 'in no study'}")


@app.command()
def add(
    name: NameArgument,
    email: Annotated[str, typer.Option(help="Address, for a sign-in with the organisation.")] = "",
    administrator: Annotated[
        bool,
        typer.Option("--administrator", help="May make accounts and studies; the first account always is."),
    ] = False,
    one_time: Annotated[
        bool,
        typer.Option("--one-time", help="Make a one-time password and print it, instead of asking for one."),
    ] = False,
    stdin: StdinOption = False,
    data: DataOption = None,
) -> None:
    """Add an account; the first one is an administrator's and leads every study there is."""
    from coding_app.workflows import accounts
    from coding_app.workflows.signing_in import accounts_exist
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        if not accounts_exist(opened):
            if one_time:
                raise InputError(
                    "The first account needs a password of its owner's choice; leave --one-time out."
                )
            accounts.create_first_account(opened, name, email, _password(stdin))
            typer.echo("The first account is made; from now on everybody must sign in.")
            return
        password = None if one_time else _password(stdin)
        made = accounts.add_account(opened, name, email, administrator=administrator, password=password)
        typer.echo(f"One-time password: {made.password}" if one_time else "The account is made.")


@app.command("reset-password")
def reset_password(name: NameArgument, data: DataOption = None) -> None:
    """Give an account a one-time password and print it; signs its owner out everywhere."""
    from coding_app.workflows import accounts
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        made = accounts.reset_password(opened, accounts.account_named(opened, name).id)
        typer.echo(f"One-time password: {made.password}")


@app.command()
def disable(name: NameArgument, data: DataOption = None) -> None:
    """Shut an account and sign its owner out everywhere; what they did stays."""
    _set_disabled(name, data, disabled=True)
    typer.echo("The account is shut.")


@app.command()
def enable(name: NameArgument, data: DataOption = None) -> None:
    """Open an account again."""
    _set_disabled(name, data, disabled=False)
    typer.echo("The account is open again.")


def _set_disabled(name: str, data: Path | None, *, disabled: bool) -> None:
    from coding_app.workflows import accounts
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        accounts.set_disabled(opened, accounts.account_named(opened, name).id, disabled)


def _password(stdin: bool) -> str:
    """Never from the command line, which other users of the machine can read."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
