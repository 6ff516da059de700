from surroundings import ROOT


def test_no_model_makes_the_threads_of_a_worker_wait_for_each_other():
    for path in (ROOT / "caloria").rglob("*.py"):
        if path.parent.name != "guard":
            assert "functools import cached_property" not in path.read_text(encoding="utf-8"), path
