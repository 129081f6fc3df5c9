declare module "@mozilla/readability/JSDOMParser.js" {
  /** A parser of well-formed markup for Readability, where there is no DOM. */
  export default class JSDOMParser {
    parse(markup: string, url: string): Document;
  }
}

declare module "@mozilla/readability/Readability-readerable.js" {
  export { isProbablyReaderable as default } from "@mozilla/readability";
}
