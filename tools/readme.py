"""Write the function table of README.md anew from the function list."""

from pathlib import Path

from xlclv.hosts.report import markdown_table

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- functions -->\n", "<!-- /functions -->"


def main() -> None:
    """Replace what stands between the two marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}{markdown_table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
