"""The action server without the server: rasa-sdk's executor called in this process instead of over HTTP."""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection


class ActionsInProcess(EndpointConfig):  # type: ignore[misc]
    """Stands where Rasa expects the address of an action server."""

    def __init__(self, package: str) -> None:
        """Register every action of ``package``."""
        # The selective domain leaves Rasa's whole domain out of each call: none of our actions reads it.
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self.failures: dict[str, Exception] = {}
        """elder → what an action of the running turn failed with. Rasa itself only logs it and goes on."""

    @property
    def registered(self) -> frozenset[str]:
        """The names of the actions that can run."""
        return frozenset(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Run the action that the body names and return its events and responses."""
        try:
            result: dict[str, Any] | None = await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            raise ClientResponseError(
                400,
                "rejected",
                f'{{"error": "{rejection.message}", "action_name": "{rejection.action_name}"}}',
            ) from rejection
        except Exception as failure:
            self.failures[kwargs["json"]["sender_id"]] = failure
            raise
        return result
