"""The validators of Pydantic models, and those that a request makes run."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import External, FunctionValue, Instance

_DECORATORS = {
    f"pydantic.{module}{name}"
    for module in ("", "functional_validators.", "class_validators.")
    for name in ("field_validator", "model_validator", "validator", "root_validator")
}
_WRAPPERS = tuple(
    f"pydantic.{module}{name}"
    for module in ("", "functional_validators.")
    for name in ("AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator")
)


def each_validator(application: Application) -> Iterator[Function]:
    """Yield the functions that validate fields and models, those of each model by themselves."""
    codebase = application.codebase
    for model in application.each_model():
        yield from _of_class(model.definition, application)
    for call in codebase.calls_to(*_WRAPPERS):
        passed = call.node.argument(0, "func")
        given = passed and codebase.resolver.value(passed, call.function)
        if isinstance(given, FunctionValue):
            yield given.function


def of_request(function: Function, application: Application) -> Iterator[Function]:
    """Yield the validators of what a route or dependency takes from a request.

    FastAPI runs them in the event loop, also for a plain `def`.
    """
    resolver = application.codebase.resolver
    for parameter in function.parameters:
        if parameter.annotation is None:
            continue
        value = resolver.annotated(parameter.annotation, function.outer or function)
        if isinstance(value, Instance) and isinstance(value.of, Class):
            for each in resolver.lineage(value.of):
                if isinstance(each, Class) and application.models.of(each):
                    yield from _of_class(each, application)


def _of_class(definition: Class, application: Application) -> Iterator[Function]:
    for method in definition.methods.values():
        for decorator in application.codebase.decorators(method):
            if isinstance(decorator, External) and decorator.name in _DECORATORS:
                yield method
