export const mark = () => (document.getElementById("count").textContent = "this is the first version");
