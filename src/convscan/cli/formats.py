"""`convscan formats`: what can be read, as a list and as a page of the docs."""

from pathlib import Path

import click

from convscan.cli.main import EXIT_FAILED


@click.group(short_help="List and document the formats that are read.")
def formats() -> None:
    """List and document the formats that are read.

    Example: convscan formats list
    """


@formats.command("list")
def list_formats() -> None:
    """List all formats: what --from calls them, what they are.

    Example: convscan formats list
    """
    from convscan.readers import all_readers
    from convscan.readers.format_page import named_descriptions

    for name, description in named_descriptions(all_readers()):
        click.echo(f"{name:20} {description.title}")


@formats.command()
@click.option("--output", default="docs/formats.md", show_default=True, metavar="FILE", help="Where the page goes.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 2 if the page is out of date.")
def docs(*, output: str, only_check: bool) -> int:
    """Write the page of all formats from what the readers say of themselves.

    Example: convscan formats docs --check
    """
    from convscan.readers import all_readers
    from convscan.readers.format_page import format_page

    path = Path(output)
    page = format_page(all_readers())
    written = path.read_text(encoding="utf-8", errors="replace") if path.exists() else None
    if only_check and written != page:
        fault = "is missing" if written is None else "differs from the readers"
        click.echo(
            f"convscan: error: {path} {fault}; write it anew with: convscan formats docs --output {path}", err=True
        )
        return EXIT_FAILED
    if not only_check and written != page:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
        click.echo(f"{path} written")
    return 0
