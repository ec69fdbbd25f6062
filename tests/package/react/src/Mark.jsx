export const Mark = () => <p id="count">this is the first version</p>;
