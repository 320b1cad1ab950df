-- Sends what `loadtest/run` has written down, one body after another: wrk ... -- DIRECTORY
-- DIRECTORY/1, 2 and so on are bodies; 1.head and so on have the path, then a header a line.
local requests, at = {}, 0

local function head(file)
  local headers, path = {}, nil
  for line in io.lines(file) do
    if path then
      local name, value = line:match("^([^:]+): (.*)$")
      headers[name] = value
    else
      path = line
    end
  end
  return path, headers
end

init = function(args)
  while true do
    local name = args[1] .. "/" .. (#requests + 1)
    local file = io.open(name, "rb")
    if not file then break end
    local path, headers = head(name .. ".head")
    requests[#requests + 1] = wrk.format("POST", path, headers, file:read("*a"))
    file:close()
  end
end

request = function()
  at = at % #requests + 1
  return requests[at]
end

done = function(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.duration, summary.requests,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout))
end
