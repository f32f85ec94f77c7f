/** How the page looks: the system's own letters, one column of text, a second one for the contents where there is room. */

export const style = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--line:#dcdfe5;--text:#1c2330;--quiet:#5a6475;--link:#0b57c2;--get:#0f6e4f;--post:#8a4b08;--delete:#b3261e;--good:#0f6e4f;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--raised:#1d2129;--line:#333a46;--text:#e4e7ec;--quiet:#9da7b7;--link:#82b4ff;--get:#5ecba1;--post:#e9b06a;--delete:#ff9a90;--good:#5ecba1;--bad:#ff9a90}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-100vw;background:var(--ground);padding:.5rem 1rem;z-index:1}
.skip:focus{left:0}
header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;padding:.75rem 1.25rem;border-bottom:1px solid var(--line)}
header p{margin:0}
.title{font-weight:650}
.title span{color:var(--quiet);font-weight:400}
.columns{display:grid;grid-template-columns:17rem minmax(0,54rem);gap:2.5rem;max-width:78rem;margin:0 auto;padding:0 1.25rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:1.25rem 0;font-size:.9rem}
nav summary{font-weight:650;cursor:pointer}
nav ul{list-style:none;margin:.4rem 0 0;padding:0}
nav ul ul{margin:.15rem 0 .7rem;padding-left:.8rem;border-left:1px solid var(--line)}
nav a{display:block;padding:.12rem 0;text-decoration:none;color:var(--text)}
nav ul ul a{color:var(--quiet)}
nav a:hover{text-decoration:underline}
main{padding:1.25rem 0 4rem;min-width:0}
h1{font-size:1.8rem;line-height:1.2;margin:.5rem 0 1rem}
h2{font-size:1.45rem;margin:3rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.15rem;margin:0 0 .4rem}
h3 a{color:inherit;text-decoration:none}
h3 a:hover{text-decoration:underline}
h4{font-size:.95rem;margin:1.4rem 0 .3rem}
p{margin:.5rem 0}
article{margin:2rem 0;padding:1.25rem;border:1px solid var(--line);border-radius:8px}
article:target{border-color:var(--link)}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
pre{margin:.4rem 0;padding:.8rem 1rem;overflow-x:auto;background:var(--raised);border:1px solid var(--line);border-radius:6px;line-height:1.45}
pre code{font-size:.85rem}
figure{margin:.6rem 0}
figcaption{color:var(--quiet);font-size:.9rem}
.call code{font-size:1rem}
.method{font-weight:700;font-size:.85rem;letter-spacing:.03em}
.get{color:var(--get)}.post,.put{color:var(--post)}.delete{color:var(--delete)}
.scope,.type{color:var(--quiet);font-size:.9rem}
.type code{overflow-wrap:anywhere}
.fields{list-style:none;margin:.3rem 0;padding:0}
.fields .fields{margin-left:.2rem;padding-left:1rem;border-left:2px solid var(--line)}
.fields li{padding:.4rem 0}
.fields p{margin:0}
.name{font-weight:650;color:var(--text)}
.required{color:var(--bad);font-size:.8rem}
.alternative>p{color:var(--quiet);font-size:.9rem;margin:.4rem 0 0}
.answer{display:grid;grid-template-columns:3.2rem minmax(0,1fr);padding:.35rem 0;border-top:1px solid var(--line)}
.answer p{margin:.15rem 0}
.status{font-weight:700}
.s2,.s3{color:var(--good)}.s4,.s5{color:var(--bad)}
details summary{cursor:pointer;color:var(--link)}
nav details summary{color:inherit}
.answer:target{background:var(--raised)}
@media (max-width:60rem){.columns{display:block}nav{position:static;max-height:40vh;margin-bottom:1rem;border-bottom:1px solid var(--line)}article{padding:1rem .8rem}}
@media (max-width:36rem){.columns{padding:0 .9rem}}
@media print{nav,.skip{display:none}.columns{display:block}}
`;
