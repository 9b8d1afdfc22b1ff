//! Files of the user interface.

use edge::headers::PAGE;
use edge::problem::{self, Problem};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;
use worker::Env;

use crate::answer::{Content, Reply, copied};
use crate::call::Call;
use crate::tasks::wait;

/// Serves a file of the built user interface with the page's security headers: the one at the request's address, or for an
/// address that a page reads its own part of, the one at `path`.
pub async fn serve(call: Call, env: Env, path: Option<&str>) -> Response {
    let path = path.unwrap_or_else(|| call.path_and_query().0).to_owned();
    let reply = match load(&call, &env, &path).await {
        Ok(response) => Reply::new(response.status(), Content::Whole(response)),
        Err(Some(cause)) => Reply::problem(crate::panics::problem()).because(cause),
        Err(None) => Reply::problem(Problem::new(
            problem::ROUTE_UNKNOWN,
            "There is neither a page nor a route at this address.",
        )),
    };
    call.finish(reply)
}

/// The file, or `None` when there is none, or why it could not be had.
async fn load(call: &Call, env: &Env, path: &str) -> Result<Response, Option<String>> {
    let assets = Reflect::get(env, &"ASSETS".into()).ok().filter(JsValue::is_object).ok_or(None)?;
    let fetch: Function = Reflect::get(&assets, &"fetch".into()).map_err(describe)?.unchecked_into();
    let same = path == call.path_and_query().0;
    let wanted: JsValue = match same {
        true => AsRef::<JsValue>::as_ref(&call.request).clone(),
        false => {
            let url = format!("{}{path}", call.base());
            web_sys::Request::new_with_str(&url).map_err(describe)?.into()
        }
    };
    let promise: Promise = fetch.call1(&assets, &wanted).map_err(describe)?.unchecked_into();
    let found: Response = wait(promise).await.map_err(describe)?.unchecked_into();
    if found.status() == 404 {
        // Unread, the body would hold its stream. Nobody waits for its end.
        if let Some(body) = found.body() {
            let _ = body.cancel();
        }
        return Err(None);
    }
    let response = copied(&found).map_err(describe)?;
    let headers = response.headers();
    for (name, value) in PAGE {
        headers.set(name, value).map_err(describe)?;
    }
    // Names under /assets/ hold a hash of the content; everything else is asked for again.
    let life = if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.set("cache-control", life).map_err(describe)?;
    Ok(response)
}

fn describe(error: JsValue) -> Option<String> {
    let message = Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string());
    Some(format!("assets: {}", message.unwrap_or_default()))
}
