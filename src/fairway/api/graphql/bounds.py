"""Bounds what one GraphQL document may ask for, before anything of it is validated or executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    parse,
)

from fairway.api.problems import HttpProblem

QUERY_MAX: Final = 20_000
"""Characters of a document."""
TOKENS_MAX: Final = 2_000
DEPTH_MAX: Final = 10
INTROSPECTION_DEPTH_MAX: Final = 20
"""Tools that read the schema ask for the type of a type of a type; these fields lead to no data."""
ALIASES_MAX: Final = 15
ROOTS_MAX: Final = 20
"""Fields at the top: each of them is one operation."""
FIELDS_MAX: Final = 1_000
"""All fields, with those that a fragment brings counted each time it is used."""
LIMIT_MAX: Final = 1_000
COST_MAX: Final = 50_000
"""Values that an answer may hold: for each field at the top its rows times its fields."""
_CODE: Final = "QUERY_WRONG"


@dataclass(frozen=True, slots=True)
class AskedOperation:
    """The operation of a document that is to be executed. roots: names of its fields at the top, in order."""

    kind: OperationType
    roots: tuple[str, ...]


@dataclass(slots=True)
class _Count:
    """What a document asks for so far."""

    fields: int = 0
    aliases: int = 0


@dataclass(frozen=True, slots=True)
class _Walk:
    """fragments: of the document, by name. count: grows as fields are walked through."""

    fragments: Mapping[str, FragmentDefinitionNode]
    count: _Count = field(default_factory=_Count)

    def fields(self, selections: SelectionSetNode | None, seen: frozenset[str] = frozenset()) -> Iterator[FieldNode]:
        """The fields of a selection, with those of its fragments. Raises HttpProblem."""
        for each in selections.selections if selections is not None else ():
            match each:
                case FieldNode():
                    yield each
                case InlineFragmentNode():
                    yield from self.fields(each.selection_set, seen)
                case FragmentSpreadNode():
                    yield from self._spread(each.name.value, seen)

    def _spread(self, name: str, seen: frozenset[str]) -> Iterator[FieldNode]:
        self.count.fields += 1  # a fragment without fields of its own is not free
        self._check()
        if name in seen:
            raise HttpProblem(422, f"{_CODE}: fragment={name[:64]}", f"the fragment {name[:64]!r} uses itself; take that use out")
        if name in self.fragments:  # validation names one that does not exist
            yield from self.fields(self.fragments[name].selection_set, seen | {name})

    def size(self, node: FieldNode, depth: int, most: int) -> int:
        """How many fields a field has, itself among them. Raises HttpProblem beyond a bound."""
        if depth > most:
            what = f"the query is more than {most} levels deep; ask for what lies deeper in a query of its own"
            raise HttpProblem(422, f"QUERY_DEEP: max={most}", what)
        self.count.fields += 1
        self.count.aliases += node.alias is not None
        self._check()
        return 1 + sum(self.size(each, depth + 1, most) for each in self.fields(node.selection_set))

    def _check(self) -> None:
        if self.count.fields > FIELDS_MAX:
            what = f"the query asks for more than {FIELDS_MAX} fields; ask for fewer of them, or in several queries"
            raise HttpProblem(422, f"QUERY_LARGE: fields_max={FIELDS_MAX}", what)
        if self.count.aliases > ALIASES_MAX:
            what = f"the query has more than {ALIASES_MAX} aliases; send several queries"
            raise HttpProblem(422, f"QUERY_ALIASES: max={ALIASES_MAX}", what)


def parsed(query: str) -> DocumentNode:
    """The document of a text. Raises HttpProblem where it is none, or has too many tokens."""
    try:
        return parse(query, max_tokens=TOKENS_MAX)
    except RecursionError:
        raise HttpProblem(422, f"QUERY_DEEP: max={DEPTH_MAX}", f"the query is more than {DEPTH_MAX} levels deep") from None
    except GraphQLError as error:
        example = "{ strategies { id status } }"
        raise HttpProblem(422, _CODE, f"{error.message[:300]}{_place(error)}; a right query is {example}") from None


def _place(error: GraphQLError) -> str:
    return f" (line {error.locations[0].line}, column {error.locations[0].column})" if error.locations else ""


def checked(document: DocumentNode, name: str, variables: Mapping[str, Any], schema: GraphQLSchema) -> AskedOperation:
    """The operation that is asked for. name: of several, "" where there is one. Raises HttpProblem where it asks for too much."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    for each in operations:
        _check_size(each, _Walk(fragments), variables, schema)
    chosen = _chosen(operations, name)
    if chosen.operation is OperationType.SUBSCRIPTION:
        raise HttpProblem(422, "QUERY_SUBSCRIBES", "there are no subscriptions here; events are at /api/v1 and its streams")
    roots = _Walk(fragments).fields(chosen.selection_set)
    return AskedOperation(chosen.operation, tuple(each.name.value for each in roots))


def _chosen(operations: list[OperationDefinitionNode], name: str) -> OperationDefinitionNode:
    """Raises HttpProblem."""
    found = [each for each in operations if not name or (each.name is not None and each.name.value == name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.name.value if each.name is not None else "one without a name" for each in operations[:10]) or "none"
    what = f"operationName {name[:64]!r} does not say which operation is meant; the document has {names[:300]}"
    raise HttpProblem(422, "OPERATION_NAME_WRONG: field=operationName", what)


def _check_size(asked: OperationDefinitionNode, walk: _Walk, variables: Mapping[str, Any], schema: GraphQLSchema) -> None:
    """Raises HttpProblem."""
    given = {
        each.variable.name.value: int(each.default_value.value)
        for each in asked.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    } | dict(variables)
    cost = 0
    for count, root in enumerate(walk.fields(asked.selection_set), start=1):
        if count > ROOTS_MAX:
            what = f"the query has more than {ROOTS_MAX} fields at the top; send several queries"
            raise HttpProblem(422, f"QUERY_LARGE: top_max={ROOTS_MAX}", what)
        is_schema = root.name.value.startswith("__")
        size = walk.size(root, 1, INTROSPECTION_DEPTH_MAX if is_schema else DEPTH_MAX)
        cost += size * _rows(root, asked.operation, given, schema)
    if cost > COST_MAX:
        what = f"the answer could hold {cost} values, and {COST_MAX} are the most; ask for fewer fields or lower limits"
        raise HttpProblem(422, f"QUERY_LARGE: values={cost} max={COST_MAX}", what)


def _rows(root: FieldNode, kind: OperationType, variables: Mapping[str, Any], schema: GraphQLSchema) -> int:
    """How many rows a field at the top may answer with: its limit. Raises HttpProblem where that is out of bounds."""
    type_ = schema.get_root_type(kind)
    known = type_.fields.get(root.name.value) if type_ is not None else None
    if known is None or "limit" not in known.args:
        return 1
    limit = _limit(root, variables, known.args["limit"].default_value)
    if not 1 <= limit <= LIMIT_MAX:
        what = f"the limit {limit} of {root.name.value} is not between 1 and {LIMIT_MAX}; a right one is 100"
        raise HttpProblem(422, f"LIMIT_WRONG: limit={limit} max={LIMIT_MAX}", what)
    return limit


def _limit(root: FieldNode, variables: Mapping[str, Any], default: Any) -> int:
    """What is no number is left to validation, and counts as the default."""
    value = next((each.value for each in root.arguments or () if each.name.value == "limit"), None)
    match value:
        case IntValueNode():
            return int(value.value) if len(value.value) < 20 else LIMIT_MAX + 1
        case VariableNode():
            found = variables.get(value.name.value, default)
            return found if isinstance(found, int) else int(default)
    return int(default)
