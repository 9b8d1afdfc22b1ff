/** The audit, and who is asking. Every function rejects with a `HandoffError`. */
import type { CallOptions } from "genie-handoff";
import { callList, callObject, type ListCall, type Page } from "./call";
import type { AuditChain, AuditEntry, Me } from "./types";

/** Newest first. */
export const listAudit = (call: ListCall): Promise<Page<AuditEntry>> =>
  callList("/api/audit", "entries", call);

/** Has the server recompute the whole chain. */
export const verifyAudit = (options: CallOptions = {}) =>
  callObject<AuditChain>({ path: "/api/audit/verify", ...options });

export const getMe = (options: CallOptions = {}) => callObject<Me>({ path: "/api/me", ...options });
