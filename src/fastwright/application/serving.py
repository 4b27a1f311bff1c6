"""Which routes an application serves, where all that the codebase includes is understood."""

from fastwright.application.application import Application
from fastwright.application.routes import Route


class Serving:
    """Tells whether a route is in any application, as far as that is known."""

    def __init__(self, application: Application) -> None:
        routers = application.routers
        self._elsewhere = routers.included_somewhere
        self._is_known = not routers.unknown and any(
            route.registrations for route in application.routes
        )

    def may_serve(self, route: Route) -> bool:
        """Tell whether a route is served, or nobody knows."""
        return bool(route.registrations) or not self._is_known or route.router in self._elsewhere
