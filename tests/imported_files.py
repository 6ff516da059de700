"""Files as the trackers export them, with made-up days."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from pages import Page

MYFITNESSPAL = (
    "Date,Meal,Calories,Fat (g),Saturated Fat,Polyunsaturated Fat,Monounsaturated Fat,Trans Fat,Cholesterol,"
    "Sodium (mg),Potassium,Carbohydrates (g),Fiber,Sugar,Protein (g),Vitamin A,Vitamin C,Calcium,Iron,Note\n"
    '2026-03-01,Breakfast,"1,012.5",20,5,2,3,0,10,400,300,80,9,12,30,15,20,25,10,"slept, badly\nand long"\n'
    "2026-03-01,Pre-Workout,150,1,,,,,,,,30,,,2,,,,,\n"
    "2026-03-02,Breakfast,420,12,4,1,2,0,5,250,210,60,7,9,18,10,20,15,8,\n"
)
MYFITNESSPAL_WEIGHTS = "Date,Weight\n2026-03-01,170.5\n2026-03-02,170\n"
CRONOMETER = (
    "Day,Time,Group,Food Name,Amount,Energy (kcal),Net Carbs (g),Carbs (g),Fat (g),Protein (g),Fiber (g),"
    "Vitamin D (IU),Folate (\u03bcg),Sodium (mg),Category\n"
    "2026-03-01,8:30 AM,Breakfast,Oats,58.00 g,220.4,30,35,4,8,5.5,,20,2,Cereals\n"
    '2026-03-01,1:05 PM,Lunch,"Apple, raw","2.00 medium (2-2/3"" dia)",190,45,50,0.6,1,9,40,11,4,Fruit\n'
    "2026-03-02,,Lunch,Water,250.00 g,0,0,0,0,0,0,0,0,,Drinks\n"
)
CRONOMETER_DAYS = (
    "Date,Energy (kcal),Net Carbs (g),Carbs (g),Fat (g),Protein (g),Completed\n"
    "2026-03-01,410.4,75,85,4.6,9,true\n"
)
CRONOMETER_WEIGHTS = (
    "Day,Time,Group,Metric,Unit,Amount\n"
    "2026-03-01,7:00 AM,,Weight,lbs,154\n"
    "2026-03-01,7:00 AM,,Heart Rate,bpm,61\n"
)
LOSEIT = (
    "Date,Name,Icon,Meal,Quantity,Units,Calories,Deleted,Fat (g),Protein (g),Carbohydrates (g),"
    "Saturated Fat (g),Sugars (g),Fiber (g),Cholesterol (mg),Sodium (mg)\n"
    "03/14/2026,Chicken,Chicken,Dinner,150,Grams,248,false,5,46,0,1.5,0,0,n/a,110\n"
    "03/14/2026,Bagel,Bagel,Breakfast,1,Each,250,1,1,9,50,0,5,2,0,430\n"
    "03/15/2026,Bagel,Bagel,Breakfast,1,Each,250,false,1,9,50,0,5,2,0,430\n"
)
SPARKYFITNESS = (
    "date,meal_type,meal_name,food_name,brand,quantity,unit,calories,protein,carbs,fat,dietary_fiber,sodium,calcium\n"
    "2026-03-01,snacks,,Skyr,Arla,150,g,95,16,6,0.3,0,60,12\n"
)
MACROFACTOR = {
    "Calories & Macros": [
        ["Date", "Calories (kcal)", "Fat (g)", "Carbs (g)", "Protein (g)"],
        [46082, 900, 30, 90, 60],
    ],
    "Scale Weight": [["Date", "Weight (kg)", "Fat Percent"], [46082, 70.4, ""]],
    "Food Log": [
        [
            "Date",
            "Time",
            "Food Name",
            "Serving Size",
            "Serving Qty",
            "Serving Weight (g)",
            "Calories (kcal)",
            "Protein (g)",
        ],
        ["2026-03-01", "12:30", '=HYPERLINK("x")', "cup", 1.5, 240, 300, 12.25],
    ],
}


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w", compression) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return into.getvalue()


def workbook(sheets: dict[str, list[list]], head: str = "") -> bytes:
    """An Excel file with these sheets, its texts half shared and half in their cells."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    numbered = list(enumerate(sheets, start=1))
    named = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    places = "".join(f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered)
    book = f'{head}<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{named}</sheets></workbook>'
    files = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f"<Relationships>{places}</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>Date</t></si></sst>',
    }
    for number, name in numbered:
        rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in sheets[name])
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return zipped(files)


def _cell(value) -> str:
    if value == "Date":
        return '<c t="s"><v>0</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else "<c/>"
    return f"<c><f>1+1</f><v>{value}</v></c>"


def upload(browser, content: bytes | str, name: str = "export.csv"):
    """Send a file, and go where one is sent."""
    form = Page(browser.get("/account/imports")).form("/account/imports")
    content = content.encode() if isinstance(content, str) else content
    answer = browser.post(form.action, data={**form.data, "file": (BytesIO(content), name)})
    return answer if answer.status_code == 422 else browser.get(answer.location)


def preview_form(page: Page):
    return next(form for form in page.forms if "days" in form.data)
