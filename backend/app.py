"""The backend's web application: rooms, errors, authentication, health."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI, Response
from sqlalchemy.exc import SQLAlchemyError

from backend import errors, rooms
from backend.access import Here, Parts, authenticate, authorise
from backend.audit.reads import ReadLog
from backend.bell import Bell
from backend.clock import Clock, outward
from backend.console import routes as console
from backend.database import Database
from backend.due import service as due
from backend.due.schemas import EngineOut
from backend.elders.town import is_demo_town
from backend.engine import LANES
from backend.limits import BodyLimit
from backend.settings import Settings
from backend.wire import Wire

PREFIX = "/api/v1"


class Health(Wire):
    """Whether the system can serve."""

    ready: bool
    dialogue: bool
    demo: bool
    now: str
    engine: EngineOut | None = None


def create_app(
    settings: Settings,
    clock: Clock,
    *,
    database: Database | None = None,
    dialogue_ready: Callable[[], bool] = lambda: False,
    routers: Iterable[APIRouter] = (),
    bell: Bell | None = None,
) -> FastAPI:
    """Build the application.

    Args:
        settings: the backend's settings.
        clock: the source of "now".
        database: an open database to use; by default one is opened from the settings, and closed at the end.
        dialogue_ready: tells, quickly, whether the dialogue process answers; shown by ``/health``.
        routers: further routers below ``/api/v1`` (the gateway's), under the same authentication.
        bell: rung by this process's workers; whoever waits for messages listens to it.
    """
    rooms.load_models()
    store = database or Database(settings.database_url, pool_size=settings.pool_size)

    reads = ReadLog(store, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        reads.flush()
        if database is None:
            store.dispose()

    # The interactive pages load their scripts from the internet, which this town may not have.
    app = FastAPI(title="Kangban 康伴", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.parts = Parts(
        settings=settings,
        database=store,
        clock=clock,
        dialogue_ready=dialogue_ready,
        is_demo=lambda: is_demo_town(store),
        bell=bell or Bell(),
        reads=reads,
    )
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    errors.install(app)
    app.include_router(_open_router, prefix=PREFIX)
    for router in [*rooms.routers(), *routers]:
        app.include_router(
            router,
            prefix=PREFIX,
            dependencies=[Depends(authenticate), Depends(authorise)],
            responses=errors.DOCUMENTED,
        )
    console.mount(app)
    return app


_open_router = APIRouter(tags=["health"])


@_open_router.get("/health")
def health(here: Here, response: Response) -> Health:
    """Tell whether the database, the dialogue process and the workers answer; open to all.

    503 where the database does not; ``engine.running`` is false where nobody keeps promises any more.
    """
    now = outward(here.clock.now())
    try:
        demo = here.is_demo()
        with here.database.session() as session:
            engine = EngineOut.model_validate(due.engine(session, now=here.clock.now(), lanes=LANES))
    except SQLAlchemyError:
        response.status_code = 503
        return Health(ready=False, dialogue=here.dialogue_ready(), demo=False, now=now)
    return Health(ready=True, dialogue=here.dialogue_ready(), demo=demo, now=now, engine=engine)
