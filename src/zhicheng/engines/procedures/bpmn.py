"""Writes a matter as BPMN 2.0 with its diagram, for modelers: tasks, choices between actions, limits that run out."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from zhicheng.engines.procedures.bpmn_ways import Way, lead
from zhicheng.engines.procedures.definition import Action, Matter, Stage
from zhicheng.engines.procedures.layout import Box, Layout, lay_out
from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.engines.procedures.parts import SYSTEM

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
GATE, ROUND = 40, 36
# ISO 8601 periods; working days are told in the documentation, since BPMN has no unit for them.
PERIODS = {"working_days": "P{}D", "days": "P{}D", "months": "P{}M"}


@dataclass
class _Model:
    """Elements and shapes gathered while a matter is written."""

    nodes: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    flows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    spots: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)

    def node(
        self,
        tag: str,
        name: str,
        spot: tuple[int, int, int, int],
        *,
        words: str = "",
        inner: str = "",
        **given: str,
    ) -> str:
        """Add an element with its place; its id is the first of `given`."""
        identity = given.pop("id")
        more = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
        self.nodes.append((tag, identity, name, words, inner, more))
        self.spots[identity] = spot
        return identity

    def flow(self, start: str, end: str, name: str = "", condition: str = "") -> None:
        """Add a flow between two elements."""
        self.flows.append((f"flow_{len(self.flows) + 1}", start, end, name, condition))


def bpmn_of(matter: Matter) -> str:
    """Write a definition as a BPMN 2.0 document with diagram interchange.

    Every stage is a user task, the end an end event; several ways out of a stage are an exclusive choice whose flows
    carry the action's name and condition; a limit that acts when it runs out is a timer on the border of its stage;
    re-opening is a start of its own, since nothing flows out of an end.

    Args:
        matter: the definition.

    Returns:
        The document as text.
    """
    laid, model = lay_out(matter), _Model()
    for box in laid.boxes.values():
        _stage(matter, box, model)
    start = laid.boxes[matter.start.id]
    spot = (start.x - 70, start.left[1] - ROUND // 2, ROUND, ROUND)
    begin = model.node("startEvent", "开始", spot, id="start_event")
    model.flow(begin, _id(matter.start))
    for stage in matter.stages:
        _ways_out(matter, stage, laid, model)
    return _document(matter, model)


def _id(stage: Stage) -> str:
    return f"stage_{stage.id}"


def _stage(matter: Matter, box: Box, model: _Model) -> None:
    stage = box.stage
    if stage.kind == "final":
        spot = (box.x, box.left[1] - ROUND // 2, ROUND, ROUND)
        model.node("endEvent", str(stage.name), spot, id=_id(stage))
        return
    role = matter.role(stage.role)
    stays = [str(one.name) for one in matter.actions_from(stage.id) if not one.to_stage]
    words = stage.task + (f"；环节内动作：{'、'.join(stays)}" if stays else "")
    owner = (
        f'<bpmn:potentialOwner id="owner_{stage.id}" name={quoteattr(str(role.name))}>'
        f"<bpmn:resourceAssignmentExpression><bpmn:formalExpression>{escape(role.id)}</bpmn:formalExpression>"
        "</bpmn:resourceAssignmentExpression></bpmn:potentialOwner>"
    )
    spot = (box.x, box.y, box.width, box.height)
    model.node("userTask", str(stage.name), spot, words=words, inner=owner, id=_id(stage))


def _ways_out(matter: Matter, stage: Stage, laid: Layout, model: _Model) -> None:
    ways = [one for one in matter.actions_from(stage.id) if one.to_stage]
    timers = {one.expiry.action: one for one in matter.limits if one.expiry}
    for at, action in enumerate(one for one in ways if SYSTEM in one.roles and one.id in timers):
        _timer(matter, stage, action, timers[action.id], laid, model, at)
    taken = [one for one in ways if one.roles != (SYSTEM,)]
    if stage.kind == "final":
        for at, action in enumerate(taken):
            box = laid.boxes[stage.id]
            spot = (box.x + 60, box.y + 90 + at * 60, ROUND, ROUND)
            again = model.node("startEvent", str(action.name), spot, id=f"again_{action.id}")
            model.flow(again, f"stage_{action.to_stage}", str(action.name))
        return
    source = _id(stage)
    if len(taken) > 1:
        x, y = laid.boxes[stage.id].right
        source = model.node(
            "exclusiveGateway", "", (x + 24, y - GATE // 2, GATE, GATE), id=f"choice_{stage.id}"
        )
        model.flow(_id(stage), source)
    for action in taken:
        roles = "、".join(str(matter.role(one).name) for one in action.roles)
        model.flow(source, f"stage_{action.to_stage}", f"{action.name}（{roles}）", action.guard)


def _timer(
    matter: Matter, stage: Stage, action: Action, limit: TimeLimit, laid: Layout, model: _Model, at: int
) -> None:
    box = laid.boxes[stage.id]
    spot = (box.x + 12 + at * 44, box.y + box.height - ROUND // 2, ROUND, ROUND)
    period = PERIODS[limit.unit].format(limit.amount)
    inner = (
        f'<bpmn:timerEventDefinition id="timer_{stage.id}_{action.id}">'
        f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{period}</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>"
    )
    words = f"{limit.name} {limit.statutory}（{limit.source}）届满"
    source = model.node(
        "boundaryEvent", str(limit.name), spot, words=words, inner=inner, id=f"expiry_{stage.id}_{action.id}",
        attachedToRef=_id(stage),
    )  # fmt: skip
    model.flow(source, f"stage_{action.to_stage}", str(action.name))


def _document(matter: Matter, model: _Model) -> str:
    basis = "；".join(str(one) for one in matter.sources)
    limits = "；".join(f"{one.name} {one.statutory}（{one.source}）" for one in matter.limits if one.amount)
    process = "".join([*(_element(one, model) for one in model.nodes), *(_flow(one) for one in model.flows)])
    shapes = "".join(_shape(identity, spot) for identity, spot in model.spots.items())
    ways = lead([one[:4] for one in model.flows], model.spots)
    edges = "".join(_edge(identity, way) for identity, way in ways.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {NAMESPACES} id="definitions_{matter.code}" '
        f'targetNamespace="urn:zhicheng:matters" exporter="zhicheng">'
        f'<bpmn:process id="{matter.code}_v{matter.version}" name={quoteattr(str(matter.name))} isExecutable="false">'
        f"<bpmn:documentation>{escape(f'{matter.purpose}依据：{basis}。时限：{limits}。')}</bpmn:documentation>{process}"
        f'</bpmn:process><bpmndi:BPMNDiagram id="diagram_{matter.code}">'
        f'<bpmndi:BPMNPlane id="plane_{matter.code}" bpmnElement="{matter.code}_v{matter.version}">{shapes}{edges}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>\n"
    )


def _element(node: tuple[str, str, str, str, str, str], model: _Model) -> str:
    tag, identity, name, words, inner, more = node
    told = f"<bpmn:documentation>{escape(words)}</bpmn:documentation>" if words else ""
    into = "".join(f"<bpmn:incoming>{one[0]}</bpmn:incoming>" for one in model.flows if one[2] == identity)
    out = "".join(f"<bpmn:outgoing>{one[0]}</bpmn:outgoing>" for one in model.flows if one[1] == identity)
    named = f" name={quoteattr(name)}" if name else ""
    return f'<bpmn:{tag} id="{identity}"{named}{more}>{told}{into}{out}{inner}</bpmn:{tag}>'


def _flow(flow: tuple[str, str, str, str, str]) -> str:
    identity, start, end, name, condition = flow
    named = f" name={quoteattr(name)}" if name else ""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{identity}"{named} sourceRef="{start}" targetRef="{end}">{inner}'
        "</bpmn:sequenceFlow>"
    )


def _shape(identity: str, spot: tuple[int, int, int, int]) -> str:
    x, y, width, height = spot
    return (
        f'<bpmndi:BPMNShape id="{identity}_di" bpmnElement="{identity}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
    )


def _edge(identity: str, way: Way) -> str:
    points = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in way.points)
    x, y, width, height = way.words
    words = (
        f'<bpmndi:BPMNLabel><dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNLabel>'
    )
    return f'<bpmndi:BPMNEdge id="{identity}_di" bpmnElement="{identity}">{points}{words}</bpmndi:BPMNEdge>'
