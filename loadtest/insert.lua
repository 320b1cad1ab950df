-- One 200-byte row per request. wrk ... -- TOKEN [HEADER]
-- HEADER is added with another value in each request: Idempotency-Key, or X-Nothing-At-All to compare with.
local body = '[{"device_id":"device-0000001","ts":"2026-11-22T14:05:51.123Z","temp":21.53,"humidity":48.25,'
  .. '"battery":3.71,"rssi":-67,"fw":"1.14.2-build.20261101-rc3-long-name","ok":true}]'
local run, sent, before, after = os.time(), 0, nil, nil

local function numbered()
  sent = sent + 1
  return before .. string.format("%08x-%08x", run, sent) .. after
end

init = function(args)
  wrk.method = "POST"
  wrk.path = "/zerobus/v1/tables/main.fleet.telemetry/insert"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  wrk.body = body
  if args[2] then
    wrk.headers[args[2]] = "NUMBER"
    local whole = wrk.format()
    local from, to = whole:find("NUMBER", 1, true)
    before, after = whole:sub(1, from - 1), whole:sub(to + 1)
    request = numbered
  end
end

local bad = 0
response = function(status)
  if status ~= 200 then bad = bad + 1 end
end

done = function(summary, latency)
  io.write(string.format("RESULT %.0f %.2f %.2f %.2f %d\n",
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout))
end
