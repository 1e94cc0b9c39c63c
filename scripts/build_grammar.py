"""Write the tables of the parser anew: after a change of the grammar, or with another lark."""

from pathlib import Path

from servanda.language import tables

HERE = Path(tables.__file__).parent / tables.FILE


def main() -> None:
    HERE.write_text(tables.written(), encoding="utf-8")
    print(f"{HERE}: {HERE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
