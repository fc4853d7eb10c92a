"""`convscan train`: learn the fast model anew."""

from pathlib import Path

import click


@click.command(short_help="Train the fast model, on your annotations too.")
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...", type=click.Path(path_type=Path))
@click.option("--into", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help="Where the model goes.")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes to use.")
def train(*, corpora: tuple[Path, ...], into: Path, jobs: int) -> int:
    """Train the fast model, on your annotations too.

    CORPUS is a folder with conversations/*.jsonl and, beside each, *.annotations.jsonl, marked as
    models/en/corpus/guide.md says. Give that corpus and yours to learn from both. What was learned is
    used where the settings say `fast-model = "FOLDER"`.

    \b
    Example:
      convscan train models/en/corpus our-corpus --into our-model
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"
    from convscan.training.recipe import train_model

    for line in train_model(corpora, into, jobs=jobs):
        click.echo(f"convscan: {line}", err=True)
    return 0
