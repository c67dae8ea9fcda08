"""Makes the files of this folder; see README.md."""
import datetime, subprocess

import docx, openpyxl
from docx.enum.style import WD_STYLE_TYPE
from fpdf import FPDF
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Table

STYLES = getSampleStyleSheet()
TEXT = "Efficient pumps move water. The guarantee lasts 24 months and covers all parts except seals. "


def reportlab(name, **options):
    story = [
        Paragraph("Price list 2026", STYLES["Heading1"]),
        Paragraph(TEXT * 3, STYLES["BodyText"]),
        Table([["Model", "Power", "Price"], ["P7", "3 kW", "1,200.00 EUR"], ["P9", "5 kW", "1,500.00 EUR"]],
              style=[("GRID", (0, 0), (-1, -1), 1, colors.black)]),
        Paragraph("Delivery", STYLES["Heading2"]),
        ListFlowable([Paragraph("Within two days", STYLES["BodyText"]), Paragraph("By our own trucks", STYLES["BodyText"])],
                     bulletType="bullet"),
    ]
    for number in range(1, 4):
        story += [PageBreak(), Paragraph(f"Chapter {number}", STYLES["Heading1"]), Paragraph(TEXT * 4, STYLES["BodyText"])]

    def foot(canvas, page):
        canvas.drawString(50, 30, "Nordwind Pumpen GmbH")
        canvas.drawRightString(550, 30, f"Page {page.page} of 4")

    SimpleDocTemplate(name, pagesize=A4, title="Price list", invariant=1, **options).build(story, onFirstPage=foot, onLaterPages=foot)


reportlab("reportlab.pdf")
reportlab("password.pdf", encrypt=pdfencrypt.StandardEncryption("user", "owner"))
reportlab("no-copying.pdf", encrypt=pdfencrypt.StandardEncryption("", "owner"))

pdf = FPDF()
pdf.add_page()
pdf.set_font("helvetica", size=18)
pdf.cell(0, 10, "Opening hours", new_x="LMARGIN", new_y="NEXT")
pdf.set_font("helvetica", size=11)
pdf.multi_cell(0, 6, "We are open from 9 to 17. " * 8)
pdf.ln()
with pdf.table() as table:
    for cells in [("Day", "From", "To"), ("Monday", "9:00", "17:00"), ("Friday", "9:00", "13:00")]:
        row = table.row()
        for cell in cells:
            row.cell(cell)
pdf.output("fpdf.pdf")

word = docx.Document()
word.add_heading("Pump P7", 0)
word.add_heading("Maintenance", 1)
word.add_paragraph("Check the oil every month.")
word.add_paragraph("Close the valve.", style="List Number")
word.add_paragraph("Open the drain.", style="List Number")
word.add_paragraph("Only with gloves.", style="List Bullet 2")
table = word.add_table(rows=3, cols=2, style="Table Grid")
for place, text in enumerate(["Model", "Power", "P7", "3 kW", "P9", "5 kW"]):
    table.cell(place // 2, place % 2).text = text
word.save("python-docx.docx")

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Prices"
sheet["B2"] = "Price list 2026"
for row in [[], ["Model", "Price", "From", "Stock"], ["P7", 1200.5, datetime.date(2026, 5, 1), True],
            ["P9", "=B5*2", datetime.datetime(2026, 6, 1, 8, 30), False]]:
    sheet.append([""] + row if row else [])
other = book.create_sheet("Hours")
other.append(["Day", "Opens"])
other.append(["Monday", datetime.time(9, 0)])
other["XFD90000"] = "far away"
book.create_sheet("Empty")
hidden = book.create_sheet("Hidden")
hidden.append(["secret", "1"])
hidden.sheet_state = "hidden"
book.save("openpyxl.xlsx")
subprocess.run(["msoffcrypto-tool", "-e", "-p", "secret", "openpyxl.xlsx", "password.xlsx"], check=True)
