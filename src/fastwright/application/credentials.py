"""What may prove who sends a request, and which functions it reaches."""

import re

from fastwright.application.application import Application
from fastwright.application.dependencies import Dependency
from fastwright.application.models import ModelField
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import External, Instance
from fastwright.source.syntax import Parameter

_HEADERS = ("fastapi.params.Header", "fastapi.params.Cookie")
FORMS = ("fastapi.security.OAuth2PasswordRequestForm",)
CONNECTION = "starlette.requests.HTTPConnection"
_CREDENTIAL = re.compile(
    r"(?i)^(?:\w*_)?(?:password|passwd|pwd|token|jwt|secret|signature|api_?key|access_?key|otp|pin"
    r"|credentials?|captcha\w*|authorization|cookie|session_?id|current_user|hmac|sig|passcode"
    r"|verification_code|reset_code|invite_code|auth_code|x_\w*key|nonce)$"
)
# What an application keeps open for all requests, and hands down with each.
_RESOURCE = (
    r"(?:\w*_)?(?:broker|cache|client|config|database|db|engine|limiter|limits|logger|pool|queue"
    r"|redis|sessionmaker|session_factory|settings|storage|templates)"
)
_ON_CONNECTION = (
    r"\.(?:(?:headers|cookies|session|user|auth|scope|body|query_params|form|json)\b"
    rf"|state\b(?!\.{_RESOURCE}\b))"
)


class Credentials:
    """Tells who gets passwords, tokens, keys, cookies and the like. Once known, it is kept."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._codebase = application.codebase
        self._carrying: dict[Function, bool] = {}

    def reach(self, function: Function) -> bool:
        """Tell whether something that may prove who asks reaches a function."""
        if function not in self._carrying:
            self._carrying[function] = False
            self._carrying[function] = any(
                self._is_credential(each, function) for each in function.parameters
            )
        return self._carrying[function]

    def asked_by(self, route: Route) -> bool:
        """Tell whether a route takes a header, a cookie or a scheme's value that proves who asks.

        What it makes of that is another question.
        """
        function = route.function
        return any(
            _CREDENTIAL.match(each.name) and self._is_header(each, function)
            for each in function.parameters
        )

    def _is_credential(self, parameter: Parameter, function: Function) -> bool:
        if _CREDENTIAL.match(parameter.name):
            return True
        dependency = self._application.dependencies.of_parameter(parameter, function)
        if dependency is not None:
            return self._provides_credentials(dependency)
        if parameter.annotation is None:
            return False
        if self._is_header(parameter, function):
            return True
        outer = function.outer or function
        described = self._codebase.resolver.annotated(parameter.annotation, outer)
        if not isinstance(described, Instance):
            return False
        if self._codebase.is_a(described.of, CONNECTION):
            return self._reads_connection(parameter.name, function)
        if isinstance(described.of, Class):
            return self._is_in_model(described.of)
        return self._codebase.is_a(described.of, *FORMS) or ".security." in described.of

    def _is_header(self, parameter: Parameter, function: Function) -> bool:
        """Tell whether it is a header or cookie, of which any may carry a proof."""
        for item, scope in self._application.dependencies.marks(parameter, function):
            value = self._codebase.resolver.value(item, scope)
            if isinstance(value, Instance) and value.of in _HEADERS:
                return True
        return False

    def _reads_connection(self, name: str, function: Function) -> bool:
        text = function.text
        if re.search(rf"\b{name}{_ON_CONNECTION}", text):
            return True
        return re.search(rf"[(,=]\s*{name}\s*[,)]", text) is not None  # handed on

    def _is_in_model(self, definition: Class) -> bool:
        model = self._application.models.of(definition)
        return model is not None and any(
            _CREDENTIAL.match(field.name) and field.default is None and not _is_optional(field)
            for field in model.fields.values()
        )

    def _provides_credentials(self, dependency: Dependency) -> bool:
        provided = dependency.provided
        if isinstance(provided, Instance):
            lines: tuple[Class | str, ...] = (provided.of,)
            if isinstance(provided.of, Class):
                lines = self._codebase.resolver.lineage(provided.of)
            if any(isinstance(each, str) and ".security." in each for each in lines):
                return True
        if isinstance(provided, External):
            return self._codebase.is_a(provided.name, *FORMS)
        functions = self._application.dependencies.functions(dependency)
        return any(self.reach(each) for each in functions)


def _is_optional(field: ModelField) -> bool:
    """Tell whether Pydantic 1 takes a field without a default to be None."""
    if field.annotation is None:
        return False
    text = field.owner.module.source(field.annotation)
    return "Optional" in text or "None" in text
