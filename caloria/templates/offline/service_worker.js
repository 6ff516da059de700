// Which files and which page the service worker has at hand. What it does with them stands in js/offline/worker.js.
import { serve } from {{ asset("js/offline/worker.js")|tojson }};

serve({
  version: {{ version|tojson }},
  files: {{ files|tojson }},
  fallback: {{ url_for("offline.show", language=language)|tojson }},
  start: {{ url_for("pages.index")|tojson }},
  home: {{ url_for("diary.index")|tojson }},
  signOut: {{ url_for("sessions.delete")|tojson }},
  formToken: {{ url_for("form_token.show")|tojson }},
});
