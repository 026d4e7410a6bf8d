/**
 * Compare-and-set and counting, each one step for Redis. An entry is one string: the owner, and after a line feed the value once it is
 * confirmed. No script writes a key before giving it its lifetime, because a script that fails half-way (a command that the ACL forbids)
 * is not rolled back, and a key without lifetime would lock a registrant out for good.
 */

/** KEYS entry; ARGV owner, value, lifetime in milliseconds or empty for none. 1 when the owner held it. */
export const CONFIRM = `
local held = redis.call('GET', KEYS[1])
if not held or string.match(held, '^[^\\n]*') ~= ARGV[1] then return 0 end
local entry = ARGV[1] .. '\\n' .. ARGV[2]
if ARGV[3] == '' then redis.call('SET', KEYS[1], entry) else redis.call('SET', KEYS[1], entry, 'PX', ARGV[3]) end
return 1`

/** KEYS entry; ARGV owner. 1 when the owner held it. */
export const RELEASE = `
local held = redis.call('GET', KEYS[1])
if not held or string.match(held, '^[^\\n]*') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/** KEYS counter; ARGV window in milliseconds. The count and what remains of the window, in milliseconds. */
export const INCREMENT = `
redis.call('SET', KEYS[1], 0, 'NX', 'PX', ARGV[1])
return { redis.call('INCR', KEYS[1]), redis.call('PTTL', KEYS[1]) }`
