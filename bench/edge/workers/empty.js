// The floor: what the runtime itself costs. Four kilobytes, no work.

const BODY = JSON.stringify({ filler: "x".repeat(4096 - 13) });
const INIT = { headers: { "content-type": "application/json" } };

export default {
  fetch() {
    return new Response(BODY, INIT);
  },
};
