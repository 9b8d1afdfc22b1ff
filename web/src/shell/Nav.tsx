import { frame } from "../strings/frame";

const pages = [
  { key: "canvas", href: "/" },
  { key: "plans", href: "/plans" },
  { key: "audit", href: "/audit" },
] as const;

/** The way from page to page. A page that is none of them, such as an open link, is marked nowhere. */
export function Nav() {
  const here = window.location.pathname;
  return (
    <nav className="nav" aria-label={frame.nav}>
      <ul>
        {pages.map(({ key, href }) => (
          <li key={key}>
            <a href={href} aria-current={here === href ? "page" : undefined} data-testid={`nav-${key}`}>
              {frame.pages[key]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
