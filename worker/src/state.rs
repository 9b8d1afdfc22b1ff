//! What outlives a request within one isolate: configuration and plain data.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use edge::access::KeyRing;
use edge::breaker::Breaker;
use edge::cache::{Cache, Flights};
use edge::config::{Config, ConfigProblem, Credential, Limits};
use edge::limit::Limiter;
use edge::secret::Secret;
use edge::signin::SignIn;
use edge::token::TokenCache;
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::WorkerGlobalScope;
use worker::Env;

use crate::answer::Templates;
use crate::facts::Memory;
use crate::genie::Outcome;
use crate::limits;
use crate::session::Session;
#[cfg(feature = "plans")]
use crate::store::Chain;

/// Entries and bytes that the cache may hold; an isolate has 128 MB for everything.
const CACHE_ENTRIES: usize = 1000;
const CACHE_BYTES: usize = 16 << 20;

/// Plain data of an isolate. No borrow of a cell may live across an `.await`.
pub struct State {
    pub config: Result<Config, Vec<ConfigProblem>>,
    pub templates: Templates,
    /// What requests say that came before.
    pub facts: RefCell<Memory>,
    /// Answers by caller and address. A JavaScript array is plain data, which requests may share.
    pub cache: RefCell<Cache<Uint8Array>>,
    pub flights: RefCell<Flights<Outcome>>,
    pub tokens: RefCell<TokenCache>,
    pub keys: RefCell<KeyRing>,
    #[cfg(feature = "plans")]
    pub chain: RefCell<Chain>,
    /// Callers whose JWT has been verified, by the JWT's hash.
    pub verified: RefCell<Cache<(Rc<str>, f64)>>,
    /// People who were here a moment ago, by a hash of their cookie.
    pub sessions: RefCell<Cache<Rc<Session>>>,
    /// How often each caller calls, and how often they write.
    pub all_rates: RefCell<Limiter>,
    pub write_rates: RefCell<Limiter>,
    /// Whether the workspace is worth asking.
    pub breaker: RefCell<Breaker>,
    /// Whom deployments run as, and when that was learnt.
    pub server_name: RefCell<Option<(String, f64)>>,
    /// Whether the platform's rate limit is bound.
    pub platform_limit: bool,
    /// Options of an upstream request, with the credential they were made for.
    pub request_init: RefCell<Option<(Secret, Object)>>,
    /// The id of the request that entered last.
    #[cfg(feature = "plans")]
    pub latest_id: RefCell<String>,
    isolate: String,
    requests: Cell<u32>,
}

thread_local! {
    static STATE: RefCell<Option<Rc<State>>> = const { RefCell::new(None) };
}

impl State {
    /// The isolate's state, made from the environment at the first request.
    pub fn get(env: &Env) -> Rc<Self> {
        STATE.with(|slot| {
            let mut slot = slot.borrow_mut();
            Rc::clone(slot.get_or_insert_with(|| Rc::new(Self::new(env))))
        })
    }

    /// The state, if a request has been here before.
    pub fn existing() -> Option<Rc<Self>> {
        STATE.with(|slot| slot.try_borrow().ok().and_then(|slot| slot.clone()))
    }

    fn new(env: &Env) -> Self {
        let lookup =
            |name: &str| Reflect::get(env, &JsValue::from_str(name)).ok().and_then(|value| value.as_string());
        let config = Config::read(lookup);
        let limits = config.as_ref().map_or_else(|_| Limits::default(), |config| config.limits);
        let rates = config.as_ref().map(|config| config.rates).unwrap_or_default();
        Self {
            config,
            sessions: RefCell::new(Cache::new(CACHE_ENTRIES, CACHE_ENTRIES)),
            all_rates: RefCell::new(Limiter::new(rates.all)),
            write_rates: RefCell::new(Limiter::new(rates.writes)),
            breaker: RefCell::new(Breaker::new(f64::from(limits.rest_ms))),
            server_name: RefCell::new(None),
            platform_limit: Reflect::get(env, &limits::BINDING.into()).is_ok_and(|it| it.is_object()),
            templates: Templates::new(),
            facts: RefCell::default(),
            cache: RefCell::new(Cache::new(CACHE_ENTRIES, CACHE_BYTES)),
            flights: RefCell::new(Flights::new()),
            tokens: RefCell::new(TokenCache::default()),
            keys: RefCell::new(KeyRing::default()),
            #[cfg(feature = "plans")]
            chain: RefCell::new(Chain::default()),
            verified: RefCell::new(Cache::new(CACHE_ENTRIES, CACHE_ENTRIES)),
            request_init: RefCell::new(None),
            #[cfg(feature = "plans")]
            latest_id: RefCell::default(),
            isolate: random_hex(8),
            requests: Cell::new(0),
        }
    }

    /// A new request id: random per isolate, counted within it.
    pub fn next_request_id(&self) -> String {
        self.requests.set(self.requests.get().wrapping_add(1));
        edge::log::request_id(&self.isolate, self.requests.get())
    }

    /// The id of the request that entered last.
    #[cfg(not(feature = "plans"))]
    pub fn last_request_id(&self) -> String {
        edge::log::request_id(&self.isolate, self.requests.get())
    }

    /// The id of the request that entered last.
    #[cfg(feature = "plans")]
    pub fn last_request_id(&self) -> String {
        self.latest_id.try_borrow().map(|id| id.clone()).unwrap_or_default()
    }

    /// How people sign in, if they do.
    pub fn sign_in(&self) -> Option<&SignIn> {
        self.config.as_ref().ok()?.callers.sign_in.as_ref()
    }

    /// The personal access token, when that is how the worker proves itself.
    pub fn static_token(&self) -> Option<Secret> {
        match self.config.as_ref().map(|config| &config.credential) {
            Ok(Credential::Token(token)) => Some(token.clone()),
            _ => None,
        }
    }
}

/// The runtime's global object.
pub fn global() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// A random UUID of version 4; without randomness a text that is no UUID, which validation refuses.
pub fn random_uuid() -> String {
    let crypto = Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")).unwrap_or_default();
    if crypto.is_object() { crypto.unchecked_into::<web_sys::Crypto>().random_uuid() } else { String::new() }
}

/// Random bytes as hexadecimal digits.
pub fn random_hex(count: usize) -> String {
    let mut bytes = vec![0u8; count];
    // Without randomness ids would still be unique within the isolate, which is what matters.
    if let Ok(crypto) = Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")) {
        let _ = crypto.unchecked_into::<web_sys::Crypto>().get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
