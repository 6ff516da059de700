"""What admins do to foods: nothing of it changes a diary or what a person made."""

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import AuditEvent, Food, FoodSearch, shared_food
from caloria.models.ids import new_id


@pytest.fixture
def admin(sign_in, ada):
    return sign_in(ada)


@pytest.fixture
def bread(make_food, alice):
    return make_food("Rye bread", [("slice", 40)], owner=alice, energy_kcal=221, iron_mg=2.5)


def acts() -> list[str]:
    said = select(AuditEvent.act).where(AuditEvent.act.startswith("food ")).order_by(AuditEvent.sequence)
    return list(db.session.scalars(said))


def test_approving_gives_everybody_one_copy_and_leaves_the_persons_own(admin, bread, bob):
    form = Page(admin.get(f"/admin/foods/{bread.id}")).form("/approvals")
    for _ in range(2):
        assert admin.post(form.action, data=form.data).status_code == 303

    db.session.expire_all()
    copy = db.session.scalars(select(Food).where(Food.owner_id.is_(None))).one()
    assert (copy.source, copy.name, copy.energy_kcal, copy.iron_mg) == ("caloria", "Rye bread", 221, 2.5)
    assert [(each.unit, each.gram_weight) for each in copy.portions] == [("slice", 40)]
    assert (bread.source, bread.archived_at, len(bread.portions)) == ("own", None, 1)
    assert acts() == ["food review", "food approve"]
    assert FoodSearch(bob).find("rye") == [copy]


def test_what_people_made_is_listed_the_newest_first_and_marked_once_looked_at(admin, bread, make_food, bob):
    make_food("Bob's soup", owner=bob)
    words = Page(admin.get("/admin/foods")).words
    assert words.index("Bob's soup") < words.index("Rye bread")

    for _ in range(2):
        assert admin.post(f"/admin/foods/{bread.id}/reviews").status_code == 303
    assert "looked at" in Page(admin.get("/admin/foods")).words
    assert "Rye bread" not in Page(admin.get("/admin/foods?reviewed=no")).words.replace("“Rye bread”", "")
    assert acts() == ["food review"]


def test_merging_puts_one_away_for_the_other_and_can_be_undone(admin, signed_in, make_food, oats):
    same = make_food("Oats", energy_kcal=381)
    form = Page(admin.get(f"/admin/foods/{same.id}?q=oats")).form("/merges")
    for _ in range(2):
        assert admin.post(form.action, data=form.data).status_code == 303

    db.session.expire_all()
    assert (same.archived_at is None, oats.archived_at) == (False, None)
    assert f"/foods/{oats.id}" in Page(signed_in.get(f"/foods/{same.id}")).links
    # Each for the other would put both away.
    back = {"id": str(new_id()), "into_id": str(same.id)}
    assert (
        "Nothing was changed"
        in Page(admin.post(f"/admin/foods/{oats.id}/merges", data=back, follow_redirects=True)).words
    )
    admin.post(f"/admin/foods/{same.id}/restoration")
    db.session.expire_all()
    assert same.archived_at is None
    assert f"/foods/{oats.id}" not in Page(signed_in.get(f"/foods/{same.id}")).links
    assert acts() == ["food merge", "food restore"]


def test_what_everybody_has_is_put_away_and_brought_back_each_noted_once(admin, oats):
    for act in ("delete", "delete", "restoration", "restoration"):
        assert admin.post(f"/admin/foods/{oats.id}/{act}").status_code == 303

    assert acts() == ["food archive", "food restore"]


def test_what_a_person_made_is_theirs(admin, bread, oats):
    merge = {"id": str(new_id()), "into_id": str(oats.id)}

    assert admin.post(f"/admin/foods/{bread.id}/delete").status_code == 404
    assert admin.post(f"/admin/foods/{oats.id}/approvals").status_code == 404
    admin.post(f"/admin/foods/{bread.id}/merges", data=merge)
    db.session.expire_all()
    assert (bread.archived_at, acts()) == (None, [])


def test_foods_of_one_name_or_barcode_stand_together_across_people(admin, bread, make_food, bob, oats):
    make_food("Rye bread", owner=bob)
    pair = [make_food("Milk", owner=bob), make_food("Whole milk")]
    for food in pair:
        food.gtin = "04006381333931"
    db.session.commit()

    by_name = Page(admin.get("/admin/foods/duplicates")).words
    assert by_name.count("Rye bread") == 2
    assert "Milk" not in by_name
    by_barcode = Page(admin.get("/admin/foods/duplicates?by=barcode")).words
    assert "Whole milk" in by_barcode
    assert "Rye bread" not in by_barcode


def test_figures_that_do_not_go_together_are_listed_with_the_reason(admin, make_food, alice, bread):
    make_food("Odd bar", owner=alice, energy_kcal=900, protein_g=1, fat_g=1, carbohydrate_g=1)

    words = Page(admin.get("/admin/foods/doubts")).words
    assert "Odd bar" in words
    assert "the label says 900" in words
    assert "Rye bread" not in words


@pytest.mark.parametrize("which", ["", "/duplicates", "/duplicates?by=barcode", "/doubts"])
def test_a_list_asks_as_often_however_many_foods_there_are(admin, make_food, alice, bob, statements, which):
    def asked_for(number: int) -> int:
        for each in range(number):
            for owner in (alice, bob):
                make_food(f"Food {each} of {number}", owner=owner).gtin = f"{number:07}{each:07}"
        db.session.commit()
        statements.clear()
        assert admin.get(f"/admin/foods{which}").status_code == 200
        return len(statements)

    asked_for(0)  # also what each process asks once
    assert asked_for(1) == asked_for(30) <= 5


def test_a_name_that_thousands_have_does_not_fill_the_page(admin, make_food, monkeypatch):
    monkeypatch.setattr(shared_food, "SHOWN_OF_EACH", 3)
    for number in range(5):
        make_food("Milk chocolate", energy_kcal=500 + number)
    for _ in range(3):
        make_food("Oats")

    words = Page(admin.get("/admin/foods/duplicates")).words

    assert (words.count("Milk chocolate"), words.count("Oats")) == (3, 3)
    assert words.count("There are more like these") == 1
