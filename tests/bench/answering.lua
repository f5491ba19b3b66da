-- One answer step is a POST and the GET that it leads to. Steps are read from a file, a line each:
-- path, cookies, body, path of the page that follows. Both requests of a step go one after the other.
local steps, place, posting = {}, 0, false

function init(arguments)
   for line in io.lines(arguments[1]) do
      local post, cookies, body, get = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)")
      steps[#steps + 1] = {
         wrk.format("POST", post, {
            ["Cookie"] = cookies, ["Content-Type"] = "application/x-www-form-urlencoded"
         }, body),
         wrk.format("GET", get, {["Cookie"] = cookies}),
      }
   end
end

function request()
   posting = not posting
   if posting then
      place = place % #steps + 1
      return steps[place][1]
   end
   return steps[place][2]
end

function done(summary, latency)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format("RESULT %d %d %d %.1f\n", summary.requests, summary.duration,
      failed, latency:percentile(95) / 1000))
end
