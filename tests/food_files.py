"""Small files in the exact layouts of FoodData Central and Open Food Facts."""

import csv
import gzip
import io
import json
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

HEADS = {
    "food.csv": "fdc_id,data_type,description,food_category_id,publication_date",
    "nutrient.csv": "id,name,unit_name,nutrient_nbr,rank",
    "food_nutrient.csv": "id,fdc_id,nutrient_id,amount,data_points,derivation_id,min,max,median,footnote",
    "food_portion.csv": "id,fdc_id,seq_num,amount,measure_unit_id,portion_description,modifier,gram_weight",
    "measure_unit.csv": "id,name",
    "food_category.csv": "id,code,description",
    "foundation_food.csv": "fdc_id,NDB_number,footnote",
    "branded_food.csv": "fdc_id,brand_owner,brand_name,gtin_upc,serving_size,serving_size_unit,"
    "household_serving_fulltext,branded_food_category,available_date",
}
NUTRIENTS = [
    (1008, "Energy", "KCAL", 208), (2047, "Energy (Atwater General Factors)", "KCAL", 957),
    (2048, "Energy (Atwater Specific Factors)", "KCAL", 958), (1003, "Protein", "G", 203),
    (1004, "Total lipid (fat)", "G", 204), (1005, "Carbohydrate, by difference", "G", 205),
    (1093, "Sodium, Na", "MG", 307),
]  # fmt: skip


def written(head: str, rows) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    names = head.split(",")
    writer.writerow(names)
    for row in rows:
        said = row if isinstance(row, dict) else dict(zip(names, row, strict=False))
        writer.writerow([said.get(name, "") for name in names])
    return file.getvalue().encode()


def usda_files(**tables) -> dict[str, bytes]:
    """The files of a download by their names, out of the rows of each."""
    rows = {"nutrient": [(*each, "") for each in NUTRIENTS], "food_nutrient": [], **tables}
    return {f"{name}.csv": written(HEADS[f"{name}.csv"], some) for name, some in rows.items()}


def amounts(*said: tuple[str, int, object]) -> list[dict]:
    return [
        {"id": place, "fdc_id": food, "nutrient_id": id, "amount": amount}
        for place, (food, id, amount) in enumerate(said)
    ]


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(f"FoodData_Central_csv_2026-10-01/{name}", content)
    return path


# Figures for 100 g, by their names there.
HAZELNUT = {"energy-kcal_100g": "539", "energy_100g": "2252", "proteins_100g": "6.3", "fat_100g": "30.9",
            "carbohydrates_100g": "57.5", "sugars_100g": "56.3", "salt_100g": "0.107"}  # fmt: skip


HEAD = """
    code last_modified_t product_name generic_name brands categories_en serving_size serving_quantity
    unique_scans_n energy-kcal_100g energy-kj_100g energy_100g proteins_100g fat_100g carbohydrates_100g
    sugars_100g salt_100g sodium_100g vitamin-c_100g alcohol_100g
"""


def open_csv(path: Path, *products: dict) -> Path:
    """An export of Open Food Facts with these products."""
    names = HEAD.split()
    lines = ["\t".join(names), *("\t".join(str(each.get(name, "")) for name in names) for each in products)]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))
    return path


def open_jsonl(path: Path, *products: dict) -> Path:
    path.write_bytes(gzip.compress("".join(json.dumps(each) + "\n" for each in products).encode()))
    return path


def spread(**more) -> dict:
    """A product as it should be."""
    said = {"code": "3017620422003", "last_modified_t": "1700000000", "product_name": "Hazelnut spread"}
    serving = {"serving_size": "1 tbsp (15 g)", "serving_quantity": "15"}
    return {**said, "brands": "Nutty,Other", **serving, **HAZELNUT, **more}
