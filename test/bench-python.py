"""What a user of Python would write: pdfminer.six or python-docx over files, in as many processes as asked for."""
import sys
from multiprocessing import Pool


def pdf(file):
    from pdfminer.high_level import extract_text

    return len(extract_text(file))


def docx(file):
    import docx

    document = docx.Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return len("\n".join([paragraph.text for paragraph in document.paragraphs] + cells))


if __name__ == "__main__":
    kind, processes, *files = sys.argv[1:]
    with Pool(int(processes)) as pool:
        total = sum(pool.map({"pdf": pdf, "docx": docx}[kind], files, chunksize=4))
    sys.exit(0 if total > 0 else 1)
