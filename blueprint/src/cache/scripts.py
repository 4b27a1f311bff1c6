"""What Redis does in one step: Lua scripts, and the keys that they work on.

An entry has the versions that its tags had before its rows were read, and is good while they are
the same. A tag has no version while a write's mark stands.
"""

from redis.exceptions import RedisError

from src.cache.constants import Tag

FAULTS = (RedisError, OSError)  # Redis is away, or refuses, as when it has no memory left

PREFIX = "{cache}"  # the braces keep all keys on one node of a cluster, where scripts reach them

# KEYS: version and marks of each tag. ARGV: the write; milliseconds until its mark runs out.
MARK = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for i = 1, #KEYS, 2 do
    redis.call('ZADD', KEYS[i + 1], now + ARGV[2], ARGV[1])
    redis.call('PEXPIRE', KEYS[i + 1], ARGV[2])
    redis.call('DEL', KEYS[i])
end
"""

# KEYS: version and marks of each tag. ARGV: the write.
UNMARK = """
for i = 1, #KEYS, 2 do
    redis.call('DEL', KEYS[i])
    redis.call('ZREM', KEYS[i + 1], ARGV[1])
end
"""

# Finds an entry, or lets the one who asks fill it while others wait.
# KEYS: entry, lease; version and marks of each tag.
# ARGV: a new version; milliseconds of the lease, and of the version.
FIND = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for i = 3, #KEYS, 2 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i + 1], '-inf', now)
    if redis.call('EXISTS', KEYS[i + 1]) == 1 then return {'written'} end
end
local versions = {}
for i = 3, #KEYS, 2 do
    redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[3])
    table.insert(versions, redis.call('GET', KEYS[i]))
end
versions = table.concat(versions, ' ')
local entry = redis.call('HMGET', KEYS[1], 'versions', 'content')
if entry[1] == versions then return {'found', versions, entry[2]} end
if redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[2]) then return {'fill', versions} end
return {'leased'}
"""

# KEYS: entry, lease. ARGV: the versions before the rows were read; the content; milliseconds.
FILL = """
redis.call('HSET', KEYS[1], 'versions', ARGV[1], 'content', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2])
"""


def version_key(tag: Tag) -> str:
    return f"{PREFIX}:version:{tag}"


def tag_keys(tags: tuple[Tag, ...]) -> list[str]:
    """Version and marks of each tag."""
    return [key for tag in tags for key in (version_key(tag), f"{PREFIX}:marks:{tag}")]
