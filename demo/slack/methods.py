"""Which methods the platform has, and those that only read, write to one person, react or take a message away."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from demo.slack.api import Api, ApiError, Method
from demo.slack.world import Channel, Json, View


def direct(api: Api, given: Json) -> Json:
    """conversations.open: the bot's conversation with one person, the same every time."""
    user = str(given.get("users"))
    if user not in api.world.members:
        raise ApiError("user_not_found")
    if user == api.bot_user or api.world.members[user].bot:
        raise ApiError("cannot_dm_bot")
    room = Channel(id=f"D{user[1:]}", name="", private=True, people={user, api.bot_user})
    api.world.channels.setdefault(room.id, room)
    return {"ok": True, "channel": {"id": room.id}}


def delete(api: Api, given: Json) -> Json:
    """chat.delete: a message of the bot's own."""
    posted = api.world.message(str(given.get("channel")), str(given.get("ts")))
    if posted is None:
        raise ApiError("message_not_found")
    api.world.messages.remove(posted)
    return {"ok": True, "channel": posted.channel, "ts": posted.ts}


def permalink(api: Api, given: Json) -> Json:
    """chat.getPermalink."""
    posted = api.world.message(str(given.get("channel")), str(given.get("message_ts")))
    if posted is None:
        raise ApiError("message_not_found")
    where = f"https://assent-test.slack.com/archives/{posted.channel}/p{posted.ts.replace('.', '')}"
    return {"ok": True, "channel": posted.channel, "permalink": where}


def react(api: Api, given: Json) -> Json:
    """reactions.add: each once."""
    posted = api.world.message(str(given.get("channel")), str(given.get("timestamp")))
    if posted is None:
        raise ApiError("message_not_found")
    name = str(given.get("name"))
    if name in posted.reactions:
        raise ApiError("already_reacted")
    posted.reactions.add(name)
    return {"ok": True}


def by_email(api: Api, given: Json) -> Json:
    """users.lookupByEmail: a full member's alone, as Slack finds no stranger by it."""
    wanted = str(given.get("email")).casefold()
    found = (each for each in api.world.members.values() if each.email.casefold() == wanted and not each.stranger)
    member = next(found, None) if wanted else None
    if member is None or member.deleted:
        raise ApiError("users_not_found")
    return {"ok": True, "user": api.member(member)}


def group(api: Api, given: Json) -> Json:
    """usergroups.users.list."""
    users = api.world.usergroups.get(str(given.get("usergroup")))
    if users is None:
        raise ApiError("no_such_subteam")
    return {"ok": True, "users": sorted(users)}


def push(api: Api, given: Json) -> Json:
    """views.push: upon the modal that is open, three deep at most."""
    user, payload = api.spent(str(given.get("trigger_id")), given.get("view"))
    standing = [each for each in api.world.views if each.user == user and each.open]
    if len(standing) not in {1, 2}:
        raise ApiError("push_limit_reached" if standing else "invalid_arguments")
    view = View(id=api.world.name("V"), user=user, payload=payload)
    api.world.views.append(view)
    return {"ok": True, "view": api.view(view)}


METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "auth.test": Method(act=Api.test),
        "apps.connections.open": Method(act=Api.open_connection, app_level=True),
        "chat.postMessage": Method(act=Api.post, scope="chat:write", minute=60, by="channel"),
        "chat.update": Method(act=Api.update, scope="chat:write", minute=50),
        "chat.postEphemeral": Method(act=Api.ephemeral, scope="chat:write"),
        "chat.delete": Method(act=delete, scope="chat:write", minute=50),
        "chat.getPermalink": Method(act=permalink),
        "views.open": Method(act=Api.open_view),
        "views.push": Method(act=push),
        "views.update": Method(act=Api.update_view),
        "views.publish": Method(act=Api.publish_view),
        "bots.info": Method(act=Api.bot_info, scope="users:read"),
        "users.info": Method(act=Api.user, scope="users:read"),
        "users.list": Method(act=Api.people, scope="users:read", minute=20),
        "users.lookupByEmail": Method(act=by_email, scope="users:read.email", minute=50),
        "conversations.info": Method(act=Api.conversation),
        "conversations.members": Method(act=Api.inside),
        "conversations.open": Method(act=direct, scope="im:write", minute=50),
        "reactions.add": Method(act=react, scope="reactions:write", minute=50),
        "usergroups.users.list": Method(act=group, scope="usergroups:read", minute=20),
        "blocks.validate": Method(act=Api.validate),
    }
)
