"""A matter drawn for people and for modelers: complete, without styles, every reference resolved."""

import re
from itertools import pairwise

import pytest
from defusedxml.ElementTree import fromstring

from zhicheng.catalogue.matter_loader import load_matters
from zhicheng.engines.procedures.bpmn import bpmn_of
from zhicheng.engines.procedures.diagram import draw, in_words
from zhicheng.engines.procedures.layout import lay_out
from zhicheng.engines.procedures.speaking import in_language

MATTERS = load_matters()
EVERY = pytest.mark.parametrize("matter", MATTERS, ids=lambda one: f"{one.code}-{one.version}")
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
HAN = re.compile("[\u4e00-\u9fff]")
NODES = ("startEvent", "endEvent", "userTask", "exclusiveGateway", "boundaryEvent")


@EVERY
def test_the_drawing_is_well_formed_shows_every_stage_and_carries_no_style(matter):
    text = draw(matter, current=matter.stages[1].id, passed=(matter.start.id,))
    root = fromstring(text)
    assert "style" not in text
    assert "<script" not in text
    words = "".join(root.itertext())
    assert all(str(one.name) in words for one in matter.stages)
    assert all(str(action.name) in words for action in matter.actions if action.to_stage)
    current = [one for one in root.iter() if "flow-stage-current" in (one.get("class") or "")]
    assert len(current) == 1
    assert f"{matter.stages[1].name}（当前）" in "".join(current[0].itertext())


@EVERY
def test_no_two_boxes_of_a_drawing_overlap_and_all_lie_inside(matter):
    laid = lay_out(matter)
    boxes = list(laid.boxes.values())
    for at, one in enumerate(boxes):
        assert one.x + one.width <= laid.width
        assert one.y + one.height <= laid.height
        for other in boxes[at + 1 :]:
            apart = abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= one.height
            assert apart, (one.stage.id, other.stage.id)


@EVERY
def test_the_words_tell_every_stage_action_and_limit_with_its_source(matter):
    words = "\n".join(in_words(matter, current=matter.start.id))
    assert "（当前环节）" in words
    assert all(f"【{one.name}】" in words for one in matter.stages)
    assert all(str(one.name) in words for one in matter.actions)


@EVERY
def test_every_flow_of_the_bpmn_joins_two_elements_that_name_it(matter):
    process = fromstring(bpmn_of(matter)).find(f"{MODEL}process")
    nodes = {one.get("id"): one for one in process if one.tag.removeprefix(MODEL) in NODES}
    flows = {one.get("id"): one for one in process.findall(f"{MODEL}sequenceFlow")}
    assert len(nodes) + len(flows) + 1 == len(list(process))
    for identity, flow in flows.items():
        source, target = nodes[flow.get("sourceRef")], nodes[flow.get("targetRef")]
        assert identity in [one.text for one in source.findall(f"{MODEL}outgoing")]
        assert identity in [one.text for one in target.findall(f"{MODEL}incoming")]
    for node in nodes.values():
        kind = node.tag.removeprefix(MODEL)
        assert kind in ("startEvent", "boundaryEvent") or node.findall(f"{MODEL}incoming"), node.get("id")
        assert kind == "endEvent" or node.findall(f"{MODEL}outgoing"), node.get("id")
        if kind == "boundaryEvent":
            assert nodes[node.get("attachedToRef")].tag == f"{MODEL}userTask"
            assert node.find(f"{MODEL}timerEventDefinition/{MODEL}timeDuration").text.startswith("P")


@EVERY
def test_every_element_of_the_bpmn_has_its_shape_and_every_flow_its_edge(matter):
    root = fromstring(bpmn_of(matter))
    process, plane = root.find(f"{MODEL}process"), root.find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    assert plane.get("bpmnElement") == process.get("id")
    elements = {one.get("id") for one in process if one.get("id")}
    shapes = {one.get("bpmnElement"): one for one in plane.findall(f"{DI}BPMNShape")}
    edges = {one.get("bpmnElement"): one for one in plane.findall(f"{DI}BPMNEdge")}
    assert shapes.keys() | edges.keys() == elements
    assert all(int(one.find(BOUNDS).get("width")) > 0 for one in shapes.values())
    assert all(len(one.findall(WAYPOINT)) >= 2 for one in edges.values())
    ids = re.findall(r' id="([^"]+)"', bpmn_of(matter))
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one, re.ASCII) for one in ids)


@EVERY
def test_no_line_of_the_bpmn_crosses_a_shape(matter):
    plane = fromstring(bpmn_of(matter)).find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    boxes = {}
    for one in plane.findall(f"{DI}BPMNShape"):
        bounds = one.find(BOUNDS)
        boxes[one.get("bpmnElement")] = [int(bounds.get(key)) for key in ("x", "y", "width", "height")]
    for edge in plane.findall(f"{DI}BPMNEdge"):
        points = [(int(one.get("x")), int(one.get("y"))) for one in edge.findall(WAYPOINT)]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, edge.get("id")
            for name, (x, y, width, height) in boxes.items():
                beside = max(x1, x2) <= x or min(x1, x2) >= x + width
                apart = beside or max(y1, y2) <= y or min(y1, y2) >= y + height
                assert apart, (edge.get("id"), name)


@EVERY
def test_the_drawing_and_the_bpmn_of_an_english_page_show_no_chinese_name(matter):
    shown = fromstring(draw(matter, current=matter.stages[1].id, language="en"))
    texts = [one.text or "" for one in shown.iter() if one.tag.endswith("}text")]
    assert texts
    assert [one for one in texts if HAN.search(one)] == []
    assert f"{matter.stages[1].name.en} (now)" in " ".join(texts)
    process = fromstring(bpmn_of(in_language(matter, "en"))).find(f"{MODEL}process")
    tasks = [one.get("name") for one in process.findall(f"{MODEL}userTask")]
    assert [one for one in tasks if HAN.search(one)] == []
    assert in_language(matter, "zh-hans") is matter
