/**
 * Compare-and-set and counting, each one step for Redis. An entry is one string: the owner, and after a line feed the value once it is
 * confirmed. No script writes a key before giving it its lifetime, because a script that fails half-way (a command that the ACL forbids)
 * is not rolled back, and a key without lifetime would lock a registrant out for good. Records alone have none: they last as long as the
 * client they tell of.
 */

/** KEYS entry; ARGV owner, lifetime in milliseconds. 1 when nobody else held it. What its owner confirmed keeps value and lifetime. */
export const CLAIM = `
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^[^\\n]*') ~= ARGV[1] then return 0 end
if held and held ~= ARGV[1] then return 1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

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

/** KEYS lease, record; ARGV holder, lifetime of the lease, fresh record or empty. 1 and the record, empty for none; 0 when another has the lease. */
export const TAKE = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return { 0, '' } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local record = redis.call('GET', KEYS[2])
if record then return { 1, record } end
if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3], 'PX', 2 * ARGV[2]) end
return { 1, ARGV[3] }`

/** KEYS lease, record; ARGV holder, record, lifetime of the lease or empty to leave it as it is. 1 when the holder had the lease. */
export const WRITE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
if ARGV[3] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3]) end
return 1`

/** KEYS lease; ARGV holder, lifetime. 1 when he had it. */
export const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

/** KEYS lease, record; ARGV holder, who keeps the lease. 1 when he had it. */
export const FORGET = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
return 1`
