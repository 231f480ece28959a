"""NRML on OpenQuake's own files, and on files that are none."""

import math

import pytest

from shared_data import shared
from tulou.kernel.errors import BadInput
from tulou.sources.nrml import read_exposure_model, read_fragility_model

HEAD = '<?xml version="1.0"?>\n<nrml xmlns="http://openquake.org/xmlns/nrml/0.5">'
MODEL = HEAD + "<fragilityModel><limitStates>slight complete</limitStates>{}</fragilityModel></nrml>"
DISCRETE = (
    '<fragilityFunction id="A" format="discrete"><imls imt="PGA" noDamageLimit="0.05">0.1 0.3</imls>'
    '<poes ls="slight">0.2 0.8</poes><poes ls="complete">0.0 0.4</poes></fragilityFunction>'
)


def written(folder, text):
    path = folder / "model.xml"
    path.write_text(text, "utf-8")
    return path


def test_the_model_of_cianjur():
    curves = read_fragility_model(shared("risk_fragility/Fragility_model_Cianjur.xml"))
    assert len(curves) == 7
    assert {one.measure for one in curves} == {"SA(0.3)"}
    assert curves[0].states == ("slight", "moderate", "extensive", "complete")
    assert len(curves[0].levels) == 50
    assert curves[0].levels[0] == curves[0].harmless == 0.05
    assert all(len(row) == 50 for one in curves for row in one.chances)


def test_the_exposure_of_nepal():
    model = read_exposure_model(shared("risk_fragility/exposure_model.xml"))
    assert model.tables == ("exposure_model.csv",)
    assert model.cost_type == "per_asset"


def test_discrete_functions(tmp_path):
    (curve,) = read_fragility_model(written(tmp_path, MODEL.format(DISCRETE)))
    assert (curve.name, curve.measure, curve.harmless) == ("A", "PGA", 0.05)
    assert curve.chances == ((0.2, 0.8), (0.0, 0.4))


def test_continuous_functions_by_mean_and_deviation(tmp_path):
    text = (
        '<fragilityFunction id="A" format="continuous"><imls imt="PGA"/>'
        '<params ls="slight" mean="0.2" stddev="0.1"/><params ls="complete" mean="0.4" stddev="0.2"/>'
        "</fragilityFunction>"
    )
    (curve,) = read_fragility_model(written(tmp_path, MODEL.format(text)))
    spread = curve.spreads[0]
    assert curve.medians[0] * math.exp(spread**2 / 2) == pytest.approx(0.2)
    assert 0.2 * math.sqrt(math.expm1(spread**2)) == pytest.approx(0.1)
    assert curve.medians[1] == pytest.approx(2 * curve.medians[0])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nothing", "not XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD + "</nrml>", "document type"),
        (HEAD + "</nrml>", "missing"),
        (MODEL.format(""), "no fragility function"),
        (MODEL.format(DISCRETE * 2), "twice"),
        (MODEL.format(DISCRETE.replace('<poes ls="complete">0.0 0.4</poes>', "")), "one function"),
        (MODEL.format(DISCRETE.replace("0.2 0.8", "0.2 x")), "not a number"),
        (MODEL.format(DISCRETE.replace("0.2 0.8", "0.2 nan")), "not a number"),
        ("<a>" * 50, "too deep"),
    ],
)
def test_models_that_are_none_are_refused(tmp_path, text, what):
    with pytest.raises(BadInput, match=what):
        read_fragility_model(written(tmp_path, text))


@pytest.mark.parametrize(
    ("assets", "what"),
    [
        ("../secret.csv", "beside its model"),
        ("..", "beside its model"),
        ("", "in tables"),
        ("a/b.csv", "beside its model"),
    ],
)
def test_tables_elsewhere_are_refused(tmp_path, assets, what):
    text = HEAD + f"<exposureModel><assets>{assets}</assets></exposureModel></nrml>"
    with pytest.raises(BadInput, match=what):
        read_exposure_model(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (MODEL.format(DISCRETE.replace("0.2 0.8", "0.2")), "one chance"),
        (MODEL.format(DISCRETE.replace("0.2 0.8", "0.2 1.8")), "between 0 and 1"),
        (MODEL.format(DISCRETE.replace("</frag", '<poes ls="slight">0.9 0.9</poes></frag')), "one function"),
        (MODEL.format(DISCRETE).replace("slight complete<", "<"), "missing"),
        (MODEL.format(DISCRETE).replace('"1.0"', '"1.0" encoding="gbk"'), "not XML"),
        (MODEL.format(DISCRETE).replace('"1.0"', '"1.0" encoding="xyz"'), "not XML"),
    ],
)
def test_functions_that_are_not_whole_are_refused(tmp_path, text, what):
    with pytest.raises(BadInput, match=what):
        read_fragility_model(written(tmp_path, text))


@pytest.mark.parametrize(
    ("mean", "deviation"), [("0", "1"), ("1", "0"), ("-1", "1"), ("1e-200", "1"), ("1e-300", "1e300")]
)
def test_a_continuous_function_has_a_mean_and_a_spread(tmp_path, mean, deviation):
    params = f'<params ls="slight" mean="{mean}" stddev="{deviation}"/><params ls="complete" mean="1" stddev="1"/>'
    text = f'<fragilityFunction id="A" format="continuous"><imls imt="PGA"/>{params}</fragilityFunction>'
    with pytest.raises(BadInput, match="above 0"):
        read_fragility_model(written(tmp_path, MODEL.format(text)))
