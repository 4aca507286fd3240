// The side that works: started from the page's own text, so that a million entries can be gone through while the page stays alive.

function startWorker(scope, facts) {
  scope.onmessage = async ({ data }) => {
    let told = 0;
    const progress = (phase, done, total) => {
      const now = Date.now();
      if (now - told > 80 || phase !== progress.phase) {
        told = now;
        progress.phase = phase;
        scope.postMessage({ phase, done, total });
      }
    };
    scope.postMessage({ report: await verifyPackage(facts, data, progress) });
  };
}
