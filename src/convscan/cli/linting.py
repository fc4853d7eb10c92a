"""How `convscan lint` and `convscan baseline` speak."""

import click


def tell(message: str) -> None:
    """Say something that is no finding."""
    click.echo(f"convscan: {message}", err=True)


def counted(count: int, noun: str) -> str:
    """Return a number and what is counted."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
